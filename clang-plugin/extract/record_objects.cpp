#include "extract/record_objects.h"

#include <set>
#include <tuple>

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/TargetInfo.h"
#include "extract/array_elements.h"
#include "extract/function_body.h"
#include "extract/heap_types.h"
#include "extract/library_functions.h"
#include "extract/owned_blocks.h"
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

/// std's templates that hold one object of each type argument inside of themselves.
bool holds_values(llvm::StringRef name) {
  static const llvm::StringSet<> names = {"optional", "pair", "tuple", "variant", "expected", "atomic"};
  return names.contains(name);
}

bool holds_values(clang::QualType type) {
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
         holds_values(record->getName());
}

/// std's templates that hold any number of objects of their type arguments.
bool holds_elements(llvm::StringRef name) {
  static const llvm::StringSet<> others = {"stack",    "queue",    "priority_queue",
                                           "flat_map", "flat_set", "inplace_vector"};
  return is_container(name) || others.contains(name);
}

/// Functions that are given the size of an object that is there already.
bool takes_objects(llvm::StringRef name) {
  name.consume_front("__builtin_");
  return name.starts_with("mem") || name == "qsort" || name == "bsearch" || name == "fread" || name == "fwrite";
}

/// std's function templates that are given objects that are there already, or make blocks that are counted by
/// themselves.
bool makes_nothing_else(const clang::FunctionDecl& function) {
  static const llvm::StringSet<> names = {"get",      "get_if",   "holds_alternative", "forward",     "swap",
                                          "exchange", "as_const", "addressof",         "make_unique", "make_shared"};
  return function.getIdentifier() != nullptr && names.contains(function.getName());
}

/// std::allocator<T>::allocate, and those of other allocators of std.
bool is_allocate(const clang::FunctionDecl& function) {
  if (function.getIdentifier() == nullptr || !is_of_std(function)) return false;
  return function.getName() == "allocate" || function.getName() == "allocate_object" ||
         function.getName() == "new_object";
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
    if (expression->getKind() != clang::UETT_SizeOf) return true;
    types.push_back(expression->getTypeOfArgument());
    expressions.push_back(expression);
    return true;
  }
  bool TraverseCallExpr(clang::CallExpr*) override { return true; }  // asks for itself
  std::vector<clang::QualType> types;
  std::vector<const clang::UnaryExprOrTypeTraitExpr*> expressions;
};

/// A variable, or an element or member of one.
bool is_variable(const clang::Expr& expression) {
  const clang::Expr* inner = expression.IgnoreParenImpCasts();
  while (true) {
    if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(inner)) {
      inner = element->getBase()->IgnoreParenImpCasts();
      if (!inner->getType()->isArrayType()) return false;
    } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(inner); member != nullptr && !member->isArrow()) {
      inner = member->getBase()->IgnoreParenImpCasts();
    } else {
      return llvm::isa<clang::DeclRefExpr>(inner);
    }
  }
}

class Objects {
public:
  Objects(clang::ASTContext& context, const Places& places, const UnitNodes& nodes, const KnownRecords& records)
      : context_(context), places_(places), records_(records), owners_(nodes) {
    pointer_bytes_ = context.getTargetInfo().getPointerWidth(clang::LangAS::Default) / 8;
    for (const OwnedBlocks::HandedOn& one : owners_.handed_on()) add_untyped(one.object, one.where);
  }

  void see(const clang::VarDecl& variable) {
    const clang::QualType type = variable.getType();
    if (variable.isConstexpr() && !variable.isUsed()) return;  // its values are all that is used: no memory
    add_contained(type, variable.getLocation(), variable.hasGlobalStorage() ? anywhere_ : passing_);
    if (variable.isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly) return;
    if (llvm::isa<clang::ParmVarDecl>(variable) || variable.isImplicit()) {
      add_temporary(type, variable.getLocation());
    } else if (places_.is_users(variable.getLocation())) {
      const Storage storage = variable.hasGlobalStorage() ? Storage::static_storage : Storage::stack;
      add_instance(type, {storage, variable.getQualifiedNameAsString(), ""}, variable.getLocation());
    }
  }

  void see(const clang::FieldDecl& field) {
    if (!places_.is_users(field.getLocation())) return;
    const auto* parent = llvm::dyn_cast<clang::CXXRecordDecl>(field.getParent());
    if (parent != nullptr && parent->isLambda()) {
      add_contained(field.getType(), field.getLocation(), anywhere_);
      add_untyped(field.getType(), field.getLocation());  // wherever the lambda is kept
    } else {
      const Around around = is_covered(field)
                                ? passing_
                                : Around{Storage::member, field.getQualifiedNameAsString(), id_of(field.getParent())};
      add_contained(field.getType(), field.getLocation(), around);
      if (around.storage == Storage::member) {
        add_instance(field.getType(), around, field.getLocation());
      } else {
        add_temporary(field.getType(), field.getLocation());
      }
    }
  }

  void see(const BaseNode& node) {
    const Around around{Storage::member, node.record->getQualifiedNameAsString(), id_of(node.record)};
    add_contained(node.base->getType(), node.base->getBeginLoc(), around);
    add_instance(node.base->getType(), around, node.base->getBeginLoc());
  }

  void see(const clang::FunctionDecl& function) {
    add_contained(function.getReturnType(), function.getLocation(), passing_);
    add_temporary(function.getReturnType(), function.getLocation());
  }

  void see(const clang::CXXNewExpr& expression) {
    const clang::QualType type = expression.getAllocatedType();
    add_contained(type, expression.getBeginLoc(), anywhere_);
    const clang::FunctionDecl* allocator = expression.getOperatorNew();
    if (allocator == nullptr || !allocator->isReplaceableGlobalAllocationFunction()) {
      add_once(records_.of(type), Storage::container, "", expression.getBeginLoc());
      return;
    }
    std::optional<std::uint64_t> count = 1;
    if (expression.isArray()) {
      const std::optional<const clang::Expr*> size = expression.getArraySize();
      count = size && *size != nullptr ? constant_value(**size, context_) : std::nullopt;
    }
    // Where elements have destructors their number stands in front of them.
    const clang::CXXRecordDecl* element = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    const bool counted = expression.isArray() && element != nullptr && !element->hasTrivialDestructor();
    add_blocks(type, count, counted ? pointer_bytes_ : 0, expression);
  }

  void see(const clang::CallExpr& call) {
    if (add_made_by_library(call)) return;
    see_contexts(call);
    const clang::FunctionDecl* callee = call.getDirectCallee();
    if (callee != nullptr && is_allocate(*callee) && call.getType()->isPointerType())
      add_untyped(call.getType()->getPointeeType(), call.getBeginLoc());
    const Allocator allocator = allocator_in(call);
    if (allocator == Allocator::none) return;
    for (const clang::Expr* argument : call.arguments()) {
      SizedTypes sizes;
      sizes.TraverseStmt(const_cast<clang::Expr*>(argument));
      for (const clang::QualType type : sizes.types) {
        if (allocator == Allocator::heap) {
          add_allocated(call, type);
        } else {
          add_once(records_.of(type), Storage::container, "", call.getBeginLoc());
        }
      }
    }
  }

  void see(const clang::CXXConstructExpr& made) {
    const clang::QualType type = made.getType();
    add_temporary(type, made.getBeginLoc());
    // std::any's, std::function's
    if (!holds_values(type)) add_template_arguments(*made.getConstructor(), made.getBeginLoc());
    const bool sized = is_vector(type) && made.getNumArgs() > 0 && made.getConstructor()->getNumParams() > 0 &&
                       made.getConstructor()->getParamDecl(0)->getType()->isUnsignedIntegerType();
    if (!sized) return;
    const clang::QualType element = type_argument(*as_standard(type, "vector"), 0);
    const std::optional<std::uint64_t> count = constant_value(*made.getArg(0), context_);
    if (count && !element.isNull()) add_blocks(element, count, 0, made);
  }

  // What else makes objects, or memory one.
  void see(const clang::InitListExpr& list) { add_temporary(list.getType(), list.getBeginLoc()); }
  void see(const clang::CompoundLiteralExpr& literal) { add_temporary(literal.getType(), literal.getBeginLoc()); }
  void see(const clang::UnaryExprOrTypeTraitExpr& expression) {
    // Memory for any number of them, as a rule.
    const bool is_there = sizes_of_given_.contains(&expression) ||
                          (!expression.isArgumentType() && is_variable(*expression.getArgumentExpr()));
    if (is_there || expression.getKind() != clang::UETT_SizeOf) {
      add_temporary(expression.getTypeOfArgument(), expression.getBeginLoc());
    } else {
      add_untyped(expression.getTypeOfArgument(), expression.getBeginLoc());
    }
  }
  void see(const clang::CastExpr& cast) {
    const clang::Expr& from = *cast.getSubExpr();
    if (!from.getType()->isVoidPointerType() || !cast.getType()->isPointerType()) return;
    const clang::QualType object = cast.getType()->getPointeeType();
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(from.IgnoreParenImpCasts());
    const bool is_given = name != nullptr && llvm::isa<clang::ParmVarDecl>(name->getDecl());
    if (!is_given || !contexts_.contains(records_.of(object))) add_untyped(object, cast.getBeginLoc());
  }
  void see(const clang::DeclRefExpr& name) {
    const auto* function = llvm::dyn_cast<clang::FunctionDecl>(name.getDecl());
    if (function != nullptr) add_template_arguments(*function, name.getBeginLoc());
  }
  void see(clang::TemplateSpecializationTypeLoc type) {
    const clang::TemplateDecl* made = type.getTypePtr()->getTemplateName().getAsTemplateDecl();
    if (made == nullptr || made->isInStdNamespace()) return;  // types of variables and fields tell those
    // The instances of the user's templates are looked at like all code; what a library's holds is not known.
    const Storage storage = places_.is_users(made->getLocation()) ? Storage::temporary : Storage::container;
    const std::string name = storage == Storage::container ? made->getNameAsString() : "";
    for (const clang::TemplateArgument& argument : type.getTypePtr()->template_arguments()) {
      if (argument.getKind() == clang::TemplateArgument::Type)
        add_once(records_.of(argument.getAsType()), storage, name, type.getBeginLoc());
    }
  }

private:
  /// Where what holds an object is.
  struct Around {
    Storage storage;
    std::string name;
    std::string holder;  ///< RecordFact::id
  };
  const Around anywhere_{Storage::container, "", ""};
  const Around passing_{Storage::temporary, "", ""};

  /// Whether it lies in a union beside something else that is as large: the union takes as much without it.
  bool is_covered(const clang::FieldDecl& field) const {
    if (!field.getParent()->isUnion() || field.getType()->isDependentType()) return false;
    return llvm::any_of(field.getParent()->fields(), [&](const clang::FieldDecl* other) {
      return !other->getType()->isDependentType() && records_.of(other->getType()) != records_.of(field.getType()) &&
             context_.getTypeSize(other->getType()) >= context_.getTypeSize(field.getType());
    });
  }

  /// Variables whose address a function takes by a pointer to void, to hand it to another one.
  void see_contexts(const clang::CallExpr& call) {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    if (callee != nullptr && callee->getIdentifier() != nullptr && takes_objects(callee->getName())) {
      SizedTypes sizes;
      for (const clang::Expr* argument : call.arguments()) sizes.TraverseStmt(const_cast<clang::Expr*>(argument));
      sizes_of_given_.insert(sizes.expressions.begin(), sizes.expressions.end());
      return;
    }
    for (const clang::Expr* argument : call.arguments()) {
      if (!argument->getType()->isVoidPointerType()) continue;
      const auto* address = llvm::dyn_cast<clang::UnaryOperator>(argument->IgnoreParenCasts());
      if (address == nullptr || address->getOpcode() != clang::UO_AddrOf) continue;
      const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(address->getSubExpr()->IgnoreParens());
      RecordFact* fact = name == nullptr ? nullptr : records_.of(name->getType());
      if (fact != nullptr) contexts_.insert(fact);
    }
  }

  std::string id_of(const clang::RecordDecl* record) const {
    const RecordFact* fact = records_.of(record);
    return fact == nullptr ? std::string() : fact->id;
  }

  void add_instance(clang::QualType type, const Around& around, clang::SourceLocation where) const {
    const ArrayElements elements = elements_of(type, context_);
    RecordFact* fact = records_.of(elements.type);
    if (fact != nullptr)
      fact->instances.push_back({around.storage, around.name, elements.count, places_.of(where), 0, around.holder});
  }

  void add_once(RecordFact* fact, Storage storage, const std::string& name, clang::SourceLocation where) {
    if (fact != nullptr && known_.emplace(fact, storage, name).second)
      fact->instances.push_back({storage, name, std::nullopt, places_.of(where)});
  }

  void add_temporary(clang::QualType type, clang::SourceLocation where) {
    add_once(records_.of(elements_of(type, context_).type), Storage::temporary, "", where);
  }

  void add_untyped(clang::QualType type, clang::SourceLocation where) {
    add_once(records_.of(elements_of(type, context_).type), Storage::untyped, "", where);
  }

  /// What std does with its types is not looked at: std::construct_at is given memory.
  void add_template_arguments(const clang::FunctionDecl& function, clang::SourceLocation where) {
    const clang::TemplateArgumentList* arguments = function.getTemplateSpecializationArgs();
    if (arguments == nullptr || (is_of_std(function) && makes_nothing_else(function))) return;
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
    if (method != nullptr && holds_values(context_.getCanonicalTagType(method->getParent()))) return;
    for (const clang::TemplateArgument& argument : arguments->asArray()) {
      if (argument.getKind() != clang::TemplateArgument::Type) continue;
      if (is_of_std(function)) add_untyped(argument.getAsType(), where);
      add_temporary(argument.getAsType(), where);
    }
  }

  void add_blocks(clang::QualType type, std::optional<std::uint64_t> count, std::uint64_t header_bytes,
                  const clang::Expr& made) const {
    const ArrayElements elements = elements_of(type, context_);
    RecordFact* fact = records_.of(elements.type);
    if (fact == nullptr) return;
    if (count) count = elements.count ? std::optional(*count * *elements.count) : std::nullopt;
    const clang::FieldDecl* owner = owners_.field_that_keeps(made);
    fact->instances.push_back({Storage::heap, "", count, places_.of(made.getBeginLoc()), header_bytes,
                               owner == nullptr ? std::string() : id_of(owner->getParent())});
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
    add_blocks(element, count, shared ? 3 * pointer_bytes_ : 0, call);
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

  /// std::vector<T>, std::map<K, std::optional<T>>, and arrays of such. What holds one value is as passing as what it
  /// is in.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the type
  void add_contained(clang::QualType type, clang::SourceLocation where, const Around& around) {
    const clang::QualType bare = elements_of(type.getNonReferenceType(), context_).type;
    const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(bare->getAsCXXRecordDecl());
    if (made == nullptr || !made->isInStdNamespace() || made->getIdentifier() == nullptr) return;
    const llvm::StringRef name = made->getName();
    if (!holds_values(name) && !holds_elements(name) && !points_to_one(name)) return;
    const Around& inner = holds_values(name) ? around : anywhere_;
    for (const clang::TemplateArgument& argument : made->getTemplateArgs().asArray()) {
      add_argument(argument, name, where, inner);
      if (argument.getKind() != clang::TemplateArgument::Pack) continue;
      for (const clang::TemplateArgument& one : argument.pack_elements()) add_argument(one, name, where, inner);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the type
  void add_argument(const clang::TemplateArgument& argument, llvm::StringRef owner, clang::SourceLocation where,
                    const Around& around) {
    if (argument.getKind() != clang::TemplateArgument::Type) return;
    add_contained(argument.getAsType(), where, around);
    if (points_to_one(owner)) return;
    if (around.storage == Storage::member) {
      add_instance(argument.getAsType(), around, where);
    } else {
      add_once(records_.of(elements_of(argument.getAsType(), context_).type), around.storage,
               around.storage == Storage::container ? "std::" + owner.str() : "", where);
    }
  }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownRecords& records_;
  OwnedBlocks owners_;
  std::set<const clang::UnaryExprOrTypeTraitExpr*> sizes_of_given_;  // of objects that are there
  std::set<const RecordFact*> contexts_;  // of callbacks: variables are what a pointer to void brings
  std::uint64_t pointer_bytes_ = 4;
  std::set<std::tuple<const RecordFact*, Storage, std::string>> known_;  // what add_once added
};

}  // namespace

void add_record_objects(clang::ASTContext& context, const Places& places, const UnitNodes& nodes,
                        const KnownRecords& records) {
  Objects objects(context, places, nodes, records);
  for (const clang::VarDecl* variable : nodes.variables) objects.see(*variable);
  for (const clang::FieldDecl* field : nodes.fields) objects.see(*field);
  for (const BaseNode& node : nodes.bases) objects.see(node);
  for (const clang::FunctionDecl* function : nodes.functions) objects.see(*function);
  for (const clang::CXXNewExpr* made : nodes.news) objects.see(*made);
  for (const clang::CallExpr* call : nodes.calls) objects.see(*call);
  for (const clang::CXXConstructExpr* made : nodes.constructions) {
    if (!nodes.for_compiler.contains(made)) objects.see(*made);
  }
  for (const auto& [list, in_instance] : nodes.lists) {
    if (!nodes.for_compiler.contains(list)) objects.see(*list);
  }
  for (const clang::CompoundLiteralExpr* literal : nodes.compound_literals) objects.see(*literal);
  for (const clang::CastExpr* cast : nodes.casts) objects.see(*cast);
  for (const auto& [size, in_assertion] : nodes.sizes) {
    if (!in_assertion) objects.see(*size);
  }
  for (const auto& [name, in_assertion] : nodes.names) {
    if (!in_assertion) objects.see(*name);
  }
  for (const auto& [type, in_assertion] : nodes.template_types) {
    if (!in_assertion) objects.see(type);
  }
}

}  // namespace wml::extract
