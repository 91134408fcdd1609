#include "extract/record_objects.h"

#include <set>
#include <tuple>

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/TargetInfo.h"
#include "extract/array_elements.h"
#include "extract/function_body.h"
#include "extract/heap_types.h"
#include "extract/users_declarations.h"
#include "llvm/ADT/StringSet.h"

// Objects whose number is known are named one by one. What holds any number of them (std::vector, somebody's pool that
// is asked for sizeof bytes) is named once, and whatever else makes, passes or returns an object once more, so that a
// record of which there is no object can be told from one whose objects are somewhere else.

namespace wml::extract {
namespace {

/// std's templates that own objects of a type argument without being what holds them.
bool points_to_one(llvm::StringRef name) {
  return name == "unique_ptr" || name == "shared_ptr" || name == "weak_ptr" || name == "reference_wrapper";
}

/// std's templates that hold objects of their type arguments.
bool holds_objects(llvm::StringRef name) {
  static const llvm::StringSet<> others = {"optional",       "pair",     "tuple",    "variant",
                                           "expected",       "stack",    "queue",    "atomic",
                                           "priority_queue", "flat_map", "flat_set", "inplace_vector"};
  return is_container(name) || others.contains(name);
}

/// Functions that are given the size of an object that is there already.
bool takes_objects(llvm::StringRef name) {
  name.consume_front("__builtin_");
  return name.starts_with("mem") || name == "qsort" || name == "bsearch" || name == "fread" || name == "fwrite";
}

enum class Allocator { none, heap, somebodys };

Allocator allocator_in(const clang::CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  const bool known = callee != nullptr && callee->getIdentifier() != nullptr;
  if (callee != nullptr && callee->isReplaceableGlobalAllocationFunction()) return Allocator::heap;
  if (known && (callee->isExternC() || callee->isInStdNamespace())) {
    llvm::StringRef name = callee->getName();
    name.consume_front("__builtin_");
    if (name == "malloc" || name == "calloc" || name == "realloc" || name == "aligned_alloc") return Allocator::heap;
  }
  const bool gives_memory = call.getType()->isPointerType() && !(known && takes_objects(callee->getName()));
  return gives_memory ? Allocator::somebodys : Allocator::none;
}

/// The types of which the size is asked for in an expression.
class SizedTypes : public clang::DynamicRecursiveASTVisitor {
public:
  bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* expression) override {
    if (expression->getKind() == clang::UETT_SizeOf) types.push_back(expression->getTypeOfArgument());
    return true;
  }
  bool TraverseCallExpr(clang::CallExpr*) override { return true; }  // asks for itself
  std::vector<clang::QualType> types;
};

class Objects : public clang::DynamicRecursiveASTVisitor {
public:
  Objects(clang::ASTContext& context, const Places& places, const KnownRecords& records)
      : context_(context), places_(places), records_(records) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = true;  // elements of lists are in the semantic form only
    pointer_bytes_ = context.getTargetInfo().getPointerWidth(clang::LangAS::Default) / 8;
  }

  bool TraverseStaticAssertDecl(clang::StaticAssertDecl*) override { return true; }

  bool VisitVarDecl(clang::VarDecl* variable) override {
    const clang::QualType type = variable->getType();
    add_contained(type, variable->getLocation());
    if (variable->isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly) return true;
    if (llvm::isa<clang::ParmVarDecl>(variable) || variable->isImplicit()) {
      add_temporary(type, variable->getLocation());
    } else if (places_.is_users(variable->getLocation())) {
      add_instance(type, variable->hasGlobalStorage() ? Storage::static_storage : Storage::stack,
                   variable->getQualifiedNameAsString(), variable->getLocation());
    }
    return true;
  }

  bool VisitFieldDecl(clang::FieldDecl* field) override {
    if (!places_.is_users(field->getLocation())) return true;
    add_contained(field->getType(), field->getLocation());
    const auto* parent = llvm::dyn_cast<clang::CXXRecordDecl>(field->getParent());
    if (parent != nullptr && parent->isLambda()) {
      add_temporary(field->getType(), field->getLocation());
    } else {
      add_instance(field->getType(), Storage::member, field->getQualifiedNameAsString(), field->getLocation());
    }
    return true;
  }

  bool VisitCXXRecordDecl(clang::CXXRecordDecl* record) override {
    if (!record->isThisDeclarationADefinition()) return true;
    for (const clang::CXXBaseSpecifier& base : record->bases())
      add_instance(base.getType(), Storage::member, record->getQualifiedNameAsString(), base.getBeginLoc());
    return true;
  }

  bool VisitFunctionDecl(clang::FunctionDecl* function) override {
    add_contained(function->getReturnType(), function->getLocation());
    add_temporary(function->getReturnType(), function->getLocation());
    return true;
  }

  bool VisitCXXNewExpr(clang::CXXNewExpr* expression) override {
    const clang::QualType type = expression->getAllocatedType();
    add_contained(type, expression->getBeginLoc());
    const clang::FunctionDecl* allocator = expression->getOperatorNew();
    if (allocator == nullptr || !allocator->isReplaceableGlobalAllocationFunction()) {
      add_once(records_.of(type), Storage::container, "", expression->getBeginLoc());
      return true;
    }
    std::optional<std::uint64_t> count = 1;
    if (expression->isArray()) {
      const std::optional<const clang::Expr*> size = expression->getArraySize();
      count = size && *size != nullptr ? constant_value(**size, context_) : std::nullopt;
    }
    // Where elements have destructors their number stands in front of them.
    const clang::CXXRecordDecl* element = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    const bool counted = expression->isArray() && element != nullptr && !element->hasTrivialDestructor();
    add_blocks(type, count, counted ? pointer_bytes_ : 0, expression->getBeginLoc());
    return true;
  }

  bool VisitCallExpr(clang::CallExpr* call) override {
    if (add_made_by_library(*call)) return true;
    const Allocator allocator = allocator_in(*call);
    if (allocator == Allocator::none) return true;
    for (const clang::Expr* argument : call->arguments()) {
      SizedTypes sizes;
      sizes.TraverseStmt(const_cast<clang::Expr*>(argument));
      for (const clang::QualType type : sizes.types) {
        if (allocator == Allocator::heap) {
          add_allocated(*call, type);
        } else {
          add_once(records_.of(type), Storage::container, "", call->getBeginLoc());
        }
      }
    }
    return true;
  }

  bool VisitCXXConstructExpr(clang::CXXConstructExpr* made) override {
    const clang::QualType type = made->getType();
    add_temporary(type, made->getBeginLoc());
    const bool sized = is_vector(type) && made->getNumArgs() > 0 && made->getConstructor()->getNumParams() > 0 &&
                       made->getConstructor()->getParamDecl(0)->getType()->isUnsignedIntegerType();
    if (!sized) return true;
    const clang::QualType element = type_argument(*as_standard(type, "vector"), 0);
    const std::optional<std::uint64_t> count = constant_value(*made->getArg(0), context_);
    if (count && !element.isNull()) add_blocks(element, count, 0, made->getBeginLoc());
    return true;
  }

  // What else makes objects, or memory one.
  bool VisitInitListExpr(clang::InitListExpr* list) override {
    return add_temporary(list->getType(), list->getBeginLoc());
  }
  bool VisitCompoundLiteralExpr(clang::CompoundLiteralExpr* literal) override {
    return add_temporary(literal->getType(), literal->getBeginLoc());
  }
  bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* expression) override {
    return add_temporary(expression->getTypeOfArgument(), expression->getBeginLoc());
  }
  bool VisitCastExpr(clang::CastExpr* cast) override {
    if (cast->getSubExpr()->getType()->isVoidPointerType() && cast->getType()->isPointerType())
      add_temporary(cast->getType()->getPointeeType(), cast->getBeginLoc());
    return true;
  }
  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    const auto* function = llvm::dyn_cast<clang::FunctionDecl>(name->getDecl());
    const clang::TemplateArgumentList* arguments =
        function == nullptr ? nullptr : function->getTemplateSpecializationArgs();
    if (arguments == nullptr) return true;
    for (const clang::TemplateArgument& argument : arguments->asArray()) {
      if (argument.getKind() == clang::TemplateArgument::Type) add_temporary(argument.getAsType(), name->getBeginLoc());
    }
    return true;
  }
  bool VisitTemplateSpecializationTypeLoc(clang::TemplateSpecializationTypeLoc type) override {
    const clang::TemplateDecl* made = type.getTypePtr()->getTemplateName().getAsTemplateDecl();
    if (made == nullptr || made->isInStdNamespace()) return true;  // types of variables and fields tell those
    for (const clang::TemplateArgument& argument : type.getTypePtr()->template_arguments()) {
      if (argument.getKind() == clang::TemplateArgument::Type)
        add_once(records_.of(argument.getAsType()), Storage::container, made->getNameAsString(), type.getBeginLoc());
    }
    return true;
  }

private:
  void add_instance(clang::QualType type, Storage storage, const std::string& name, clang::SourceLocation where) const {
    const ArrayElements elements = elements_of(type, context_);
    RecordFact* fact = records_.of(elements.type);
    if (fact != nullptr) fact->instances.push_back({storage, name, elements.count, places_.of(where)});
  }

  void add_once(RecordFact* fact, Storage storage, const std::string& name, clang::SourceLocation where) {
    if (fact != nullptr && known_.emplace(fact, storage, name).second)
      fact->instances.push_back({storage, name, std::nullopt, places_.of(where)});
  }

  /// True, for the visitor's sake.
  bool add_temporary(clang::QualType type, clang::SourceLocation where) {
    add_once(records_.of(elements_of(type, context_).type), Storage::temporary, "", where);
    return true;
  }

  void add_blocks(clang::QualType type, std::optional<std::uint64_t> count, std::uint64_t header_bytes,
                  clang::SourceLocation where) const {
    const ArrayElements elements = elements_of(type, context_);
    RecordFact* fact = records_.of(elements.type);
    if (fact == nullptr) return;
    if (count) count = elements.count ? std::optional(*count * *elements.count) : std::nullopt;
    fact->instances.push_back({Storage::heap, "", count, places_.of(where), header_bytes});
  }

  /// std::make_unique and its kin.
  bool add_made_by_library(const clang::CallExpr& call) const {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    if (callee == nullptr || !callee->isInStdNamespace() || callee->getIdentifier() == nullptr) return false;
    llvm::StringRef name = callee->getName();
    name.consume_back("_for_overwrite");
    const bool shared = name == "make_shared" || name == "allocate_shared";
    if (!shared && name != "make_unique") return false;
    const auto* owner =
        llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(call.getType()->getAsCXXRecordDecl());
    const clang::QualType owned = owner == nullptr ? clang::QualType() : type_argument(*owner, 0);
    if (owned.isNull()) return false;
    std::optional<std::uint64_t> count = 1;
    clang::QualType element = owned;
    if (owned->isIncompleteArrayType()) {
      const unsigned size = name == "allocate_shared" ? 1 : 0;
      element = context_.getAsArrayType(owned)->getElementType();
      count = size < call.getNumArgs() ? constant_value(*call.getArg(size), context_) : std::nullopt;
    }
    // The pointer to its vtable and two counters.
    add_blocks(element, count, shared ? 3 * pointer_bytes_ : 0, call.getBeginLoc());
    return true;
  }

  /// malloc(n * sizeof(T)), calloc(n, sizeof(T)), realloc(p, n * sizeof(T)), where n is a constant or not.
  void add_allocated(const clang::CallExpr& call, clang::QualType type) const {
    RecordFact* fact = records_.of(type);
    if (fact == nullptr || fact->bytes == 0) return;
    std::optional<std::uint64_t> bytes = 1;
    for (const clang::Expr* argument : call.arguments()) {
      if (argument->getType()->isPointerType()) continue;
      const std::optional<std::uint64_t> value = constant_value(*argument, context_);
      bytes = bytes && value ? std::optional(*bytes * *value) : std::nullopt;
    }
    const bool whole = bytes && *bytes % fact->bytes == 0;
    const std::optional<std::uint64_t> count = whole ? std::optional(*bytes / fact->bytes) : std::nullopt;
    fact->instances.push_back({Storage::heap, "", count, places_.of(call.getBeginLoc())});
  }

  /// std::vector<T>, std::map<K, std::optional<T>>, and arrays of such.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the type
  void add_contained(clang::QualType type, clang::SourceLocation where) {
    const clang::QualType bare = elements_of(type.getNonReferenceType(), context_).type;
    const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(bare->getAsCXXRecordDecl());
    if (made == nullptr || !made->isInStdNamespace() || made->getIdentifier() == nullptr) return;
    if (!holds_objects(made->getName()) && !points_to_one(made->getName())) return;
    for (const clang::TemplateArgument& argument : made->getTemplateArgs().asArray()) {
      add_argument(argument, made->getName(), where);
      if (argument.getKind() != clang::TemplateArgument::Pack) continue;
      for (const clang::TemplateArgument& one : argument.pack_elements()) add_argument(one, made->getName(), where);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the type
  void add_argument(const clang::TemplateArgument& argument, llvm::StringRef owner, clang::SourceLocation where) {
    if (argument.getKind() != clang::TemplateArgument::Type) return;
    add_contained(argument.getAsType(), where);
    if (points_to_one(owner)) return;
    add_once(records_.of(elements_of(argument.getAsType(), context_).type), Storage::container, "std::" + owner.str(),
             where);
  }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownRecords& records_;
  std::uint64_t pointer_bytes_ = 4;
  std::set<std::tuple<const RecordFact*, Storage, std::string>> known_;  // what add_once added
};

}  // namespace

void add_record_objects(clang::ASTContext& context, const Places& places, const KnownRecords& records) {
  Objects objects(context, places, records);
  for (clang::Decl* declaration : users_declarations(context, places)) objects.TraverseDecl(declaration);
}

}  // namespace wml::extract
