#include "extract/heap_types.h"

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/TargetInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

const clang::ClassTemplateSpecializationDecl* as_standard_instance(clang::QualType type) {
  if (type.isNull()) return nullptr;
  const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  return made != nullptr && made->isInStdNamespace() && made->getIdentifier() != nullptr ? made : nullptr;
}

/// Its memory comes from std::allocator, and goes to std::default_delete: no argument says otherwise.
bool uses_the_heap(const clang::ClassTemplateSpecializationDecl& made) {
  for (const clang::TemplateArgument& argument : made.getTemplateArgs().asArray()) {
    if (argument.getKind() != clang::TemplateArgument::Type) continue;
    const clang::CXXRecordDecl* record = argument.getAsType()->getAsCXXRecordDecl();
    if (record == nullptr || record->getIdentifier() == nullptr) continue;
    const bool standard = record->isInStdNamespace();
    if (standard && (record->getName() == "allocator" || record->getName() == "default_delete")) return true;
  }
  return false;
}

HeapCopy worst(HeapCopy a, HeapCopy b) {
  const auto rank = [](HeapCopy copy) {
    switch (copy) {
      case HeapCopy::never: return 0;
      case HeapCopy::if_long: return 1;
      case HeapCopy::yes: return 2;
      case HeapCopy::unknown: return 3;
    }
    return 3;
  };
  return rank(a) >= rank(b) ? a : b;
}

HeapCopy fields_allocate(const clang::CXXRecordDecl& record) {
  const clang::CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr || definition->isDependentContext() || definition->isUnion()) return HeapCopy::unknown;
  if (definition->hasUserDeclaredCopyConstructor() && !definition->hasTrivialCopyConstructor()) {
    for (const clang::CXXConstructorDecl* constructor : definition->ctors()) {
      if (constructor->isCopyConstructor() && !constructor->isDefaulted()) return HeapCopy::unknown;
    }
  }
  HeapCopy result = HeapCopy::never;
  for (const clang::FieldDecl* field : definition->fields()) result = worst(result, copy_allocates(field->getType()));
  for (const clang::CXXBaseSpecifier& base : definition->bases())
    result = worst(result, copy_allocates(base.getType()));
  return result;
}

}  // namespace

const clang::ClassTemplateSpecializationDecl* as_standard(clang::QualType type, llvm::StringRef name) {
  const auto* made = as_standard_instance(type);
  return made != nullptr && made->getName() == name && uses_the_heap(*made) ? made : nullptr;
}

clang::QualType type_argument(const clang::ClassTemplateSpecializationDecl& made, unsigned i) {
  const clang::TemplateArgumentList& arguments = made.getTemplateArgs();
  const bool is_type = i < arguments.size() && arguments[i].getKind() == clang::TemplateArgument::Type;
  return is_type ? arguments[i].getAsType() : clang::QualType();
}

clang::QualType element_type(clang::QualType container) {
  const auto* made = as_standard_instance(container);
  return made == nullptr ? clang::QualType() : type_argument(*made, 0);
}

bool is_string(clang::QualType type) { return as_standard(type, "basic_string") != nullptr; }
bool is_vector(clang::QualType type) { return as_standard(type, "vector") != nullptr; }

HeapCopy copy_allocates(clang::QualType type) {
  if (type.isNull() || type->isDependentType()) return HeapCopy::unknown;
  if (type->isReferenceType() || type->isScalarType()) return HeapCopy::never;
  if (type->isArrayType()) return copy_allocates(clang::QualType(type->getBaseElementTypeUnsafe(), 0));
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr) return HeapCopy::never;
  if (record->isLambda()) return HeapCopy::unknown;
  const auto* made = as_standard_instance(type);
  if (made == nullptr) return record->isInStdNamespace() ? HeapCopy::unknown : fields_allocate(*record);
  if (is_string(type)) return HeapCopy::if_long;
  if (is_container(made->getName())) return uses_the_heap(*made) ? HeapCopy::yes : HeapCopy::unknown;
  static constexpr llvm::StringRef kWrappers[] = {"optional", "pair", "array"};
  if (!llvm::is_contained(kWrappers, made->getName())) return HeapCopy::unknown;
  HeapCopy result = HeapCopy::never;
  for (const clang::TemplateArgument& argument : made->getTemplateArgs().asArray()) {
    if (argument.getKind() == clang::TemplateArgument::Type)
      result = worst(result, copy_allocates(argument.getAsType()));
  }
  return result;
}

bool is_plain_data(clang::QualType type, const clang::ASTContext& context) {
  return !type.isNull() && !type->isIncompleteType() && !type->isDependentType() && !type->isReferenceType() &&
         !type.isVolatileQualified() && type.isTrivialType(context);
}

std::uint64_t small_string_bytes(const clang::ASTContext& context) {
  return context.getTargetInfo().getPointerWidth(clang::LangAS::Default) == 32 ? 10 : 22;
}

std::string type_text(clang::QualType type, const clang::ASTContext& context) {
  clang::PrintingPolicy policy(context.getLangOpts());
  policy.SuppressTagKeyword = true;
  policy.SuppressUnwrittenScope = true;
  policy.SuppressDefaultTemplateArgs = true;
  policy.SuppressInlineNamespace = llvm::to_underlying(clang::PrintingPolicy::SuppressInlineNamespaceMode::All);
  return type.getUnqualifiedType().getAsString(policy);
}

bool is_container(llvm::StringRef name) {
  static const llvm::StringSet<> names = {"vector",
                                          "deque",
                                          "list",
                                          "forward_list",
                                          "map",
                                          "set",
                                          "multimap",
                                          "multiset",
                                          "unordered_map",
                                          "unordered_set",
                                          "unordered_multimap",
                                          "unordered_multiset"};
  return names.contains(name);
}

}  // namespace wml::extract
