#include "extract/parts.h"

#include <algorithm>

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace wml::extract {
namespace {

using Seen = llvm::SmallPtrSet<const clang::Type*, 16>;

clang::QualType plain(clang::QualType type) {
  return type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
}

bool holds(clang::QualType whole, clang::QualType part, Seen& seen) {
  if (whole->isArrayType()) whole = plain(clang::QualType(whole->getBaseElementTypeUnsafe(), 0));
  if (whole == part) return true;
  const clang::CXXRecordDecl* record = whole->getAsCXXRecordDecl();
  if (record == nullptr || !seen.insert(whole.getTypePtr()).second) return false;
  const auto* made = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  if (made != nullptr && made->isInStdNamespace()) {
    return std::ranges::any_of(made->getTemplateArgs().asArray(), [&](const clang::TemplateArgument& argument) {
      if (argument.getKind() == clang::TemplateArgument::Type) return holds(plain(argument.getAsType()), part, seen);
      return argument.getKind() == clang::TemplateArgument::Pack &&
             std::ranges::any_of(argument.pack_elements(), [&](const clang::TemplateArgument& one) {
               return one.getKind() == clang::TemplateArgument::Type && holds(plain(one.getAsType()), part, seen);
             });
    });
  }
  const clang::CXXRecordDecl* definition = record->getDefinition();
  if (definition == nullptr) return true;  // nobody knows
  const auto in_field = [&](const clang::FieldDecl* field) {
    return !field->getType()->isReferenceType() && holds(plain(field->getType()), part, seen);
  };
  const auto in_base = [&](const clang::CXXBaseSpecifier& base) { return holds(plain(base.getType()), part, seen); };
  return std::ranges::any_of(definition->fields(), in_field) || std::ranges::any_of(definition->bases(), in_base);
}

}  // namespace

bool may_hold(clang::QualType whole, clang::QualType part) {
  Seen seen;
  return holds(plain(whole), plain(part), seen);
}

}  // namespace wml::extract
