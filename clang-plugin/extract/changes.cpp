#include "extract/changes.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/library_functions.h"
#include "extract/only_read.h"
#include "extract/parts.h"
#include "llvm/ADT/SmallPtrSet.h"

// A reference takes the place of a copy only where nothing changes the original meanwhile. Objects that the function
// does not own may be reached from anywhere, so this asks what runs in between: calls of unseen code could do anything,
// and a write to an object counts by its type, since two references of related types may lead to one object.

namespace wml::extract {
namespace {

class Changes {
public:
  Changes(clang::QualType watched, const clang::VarDecl* variable, const Functions& functions)
      : watched_(watched.getNonReferenceType().getUnqualifiedType()), variable_(variable), functions_(functions) {}

  bool in(const clang::Stmt& node, const FunctionBody& body);

private:
  bool in_function(const clang::FunctionDecl& function);
  bool by_call(const clang::Expr& call);
  bool by_library(const clang::Expr& call, const clang::FunctionDecl& callee);
  bool behind_arrow(const clang::Expr& call) const;
  bool by_callable(const clang::Expr& argument);
  bool by_destructor(clang::QualType type);
  bool by_write(const clang::Expr& node, const FunctionBody& body) const;
  bool is_written(const clang::Expr& node, const FunctionBody& body) const;
  bool is_other_local(const clang::Expr& node) const;

  clang::QualType watched_;
  const clang::VarDecl* variable_;
  const Functions& functions_;
  llvm::SmallPtrSet<const clang::FunctionDecl*, 32> followed_;
};

bool is_in_standard_library(const clang::FunctionDecl& function) {
  for (const clang::DeclContext* at = function.getDeclContext(); at != nullptr; at = at->getParent()) {
    if (at->isStdNamespace()) return true;
  }
  return false;
}

/// A function of the standard library, of C or of the compiler: it calls back only what it is given.
bool is_library(const clang::FunctionDecl& function, const clang::ASTContext& context) {
  const bool known = function.getBuiltinID() != 0 || role_of_argument(function, 0) != ArgumentRole::unknown ||
                     role_of_argument(function, 1) != ArgumentRole::unknown ||
                     function.isReplaceableGlobalAllocationFunction();
  if (known) return true;
  return is_in_standard_library(function) && context.getSourceManager().isInSystemHeader(function.getLocation());
}

/// Other threads may run while one of them is used, and what was copied under a lock must not be looked at without.
bool is_about_threads(const clang::FunctionDecl& function) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method == nullptr || method->getParent()->getIdentifier() == nullptr) return false;
  const llvm::StringRef record = method->getParent()->getName();
  return std::ranges::any_of(
      std::initializer_list<const char*>{"lock", "mutex", "condition_variable", "thread", "future", "latch", "barrier"},
      [&](const char* word) { return record.contains(word); });
}

bool Changes::in_function(const clang::FunctionDecl& function) {
  constexpr unsigned kMost = 100;
  const clang::FunctionDecl* definition = nullptr;
  if (function.isImplicit() || function.isDefaulted()) return false;
  if (!function.hasBody(definition) || definition->isDependentContext() || followed_.size() > kMost) return true;
  if (!followed_.insert(definition).second) return false;
  const FunctionBody& body = functions_.body_of(*definition);
  if (body.is_opaque() || in(body.body(), body)) return true;
  const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(definition);
  return constructor != nullptr &&
         std::ranges::any_of(constructor->inits(), [&](const clang::CXXCtorInitializer* initialiser) {
           return in(*initialiser->getInit(), body);
         });
}

/// Something that a library function may call.
bool Changes::by_callable(const clang::Expr& argument) {
  const clang::QualType type = argument.getType();
  if (type->isFunctionPointerType() || type->isFunctionType() || type->isMemberFunctionPointerType()) {
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(argument.IgnoreParenImpCasts());
    const auto* function = name == nullptr ? nullptr : llvm::dyn_cast<clang::FunctionDecl>(name->getDecl());
    return function == nullptr || in_function(*function);
  }
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition()) return false;
  if (record->isInStdNamespace()) return record->getIdentifier() != nullptr && record->getName().contains("function");
  if (record->isGenericLambda()) return true;
  return std::ranges::any_of(record->methods(), [&](const clang::CXXMethodDecl* method) {
    return method->getOverloadedOperator() == clang::OO_Call && in_function(*method);
  });
}

/// `pointer->clear()`: the object that is written to is no expression of its own.
bool Changes::behind_arrow(const clang::Expr& call) const {
  const auto* plain = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
  const clang::CXXMethodDecl* method = plain == nullptr ? nullptr : plain->getMethodDecl();
  if (method == nullptr || method->isConst() || reads_in_both_forms(*method)) return false;
  const clang::QualType object = plain->getImplicitObjectArgument()->getType();
  return object->isPointerType() &&
         (may_hold(object->getPointeeType(), watched_) || may_hold(watched_, object->getPointeeType()));
}

bool Changes::by_library(const clang::Expr& call, const clang::FunctionDecl& callee) {
  if (is_about_threads(callee) || behind_arrow(call)) return true;
  const auto changes = [&](const clang::Expr* argument) {
    if (by_callable(*argument)) return true;
    // The library writes to what a pointer leads to.
    if (!argument->getType()->isPointerType() || argument->getType()->getPointeeType().isConstQualified()) return false;
    const clang::Expr& bare = *argument->IgnoreParenCasts();
    if (is_other_local(bare) && !bare.getType()->isPointerType()) return false;
    const auto* address = llvm::dyn_cast<clang::UnaryOperator>(&bare);
    if (address != nullptr && is_other_local(*address->getSubExpr())) return false;
    const clang::QualType target = bare.getType()->isPointerType()
                                       ? bare.getType()->getPointeeType()
                                       : clang::QualType(bare.getType()->getBaseElementTypeUnsafe(), 0);
    return target->isVoidType() || may_hold(watched_, target) || may_hold(target, watched_);
  };
  if (const auto* plain = llvm::dyn_cast<clang::CallExpr>(&call))
    return std::ranges::any_of(plain->arguments(), changes);
  return std::ranges::any_of(llvm::cast<clang::CXXConstructExpr>(call).arguments(), changes);
}

bool Changes::by_destructor(clang::QualType type) {
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition() || record->isInStdNamespace()) return false;
  const clang::CXXDestructorDecl* destructor = record->getDestructor();
  return destructor != nullptr && destructor->isUserProvided() && in_function(*destructor);
}

bool Changes::by_call(const clang::Expr& call) {
  if (llvm::isa<clang::CXXDeleteExpr>(call)) return true;
  if (!llvm::isa<clang::CallExpr, clang::CXXConstructExpr>(call)) return false;
  const clang::FunctionDecl* callee = callee_of(call);
  if (callee == nullptr) {
    // A destructor that is called by name, of a type that has none.
    const auto* plain = llvm::dyn_cast<clang::CallExpr>(&call);
    return plain == nullptr || !llvm::isa<clang::CXXPseudoDestructorExpr>(plain->getCallee()->IgnoreParens());
  }
  if (llvm::isa<clang::CXXConstructExpr>(call) && by_destructor(call.getType())) return true;
  return is_library(*callee, functions_.context()) ? by_library(call, *callee) : in_function(*callee);
}

/// A variable of the function's own, or a part of it: nobody else's object, if its address was not given away.
bool Changes::is_other_local(const clang::Expr& node) const {
  const auto origin = origin_of(node);
  return origin && origin->own && origin->variable != variable_;
}

/// Whether what is done with an lvalue may change it. References and pointers that are made of it are lvalues again
/// where they are written through; functions whose bodies are seen are looked at by themselves.
bool Changes::is_written(const clang::Expr& node, const FunctionBody& body) const {
  const auto* outer = llvm::dyn_cast_or_null<clang::Expr>(body.parent(node));
  if (outer == nullptr) return false;
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(outer)) {
    if (!cast->isLValue() || cast->getType().isConstQualified()) return cast->isXValue();
    return is_written(*cast, body);
  }
  if (llvm::isa<clang::ParenExpr, clang::ExprWithCleanups, clang::AbstractConditionalOperator>(outer))
    return is_written(*outer, body);
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(outer)) {
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(member->getMemberDecl());
    if (method == nullptr || method->isConst() || method->isStatic() || reads_in_both_forms(*method)) return false;
    // The begin() and end() of a range-based for: its variable shows what happens to the elements.
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&node);
    if (name != nullptr && name->getDecl()->isImplicit()) return false;
    return is_library(*method, functions_.context());
  }
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(outer)) {
    const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(call->getDirectCallee());
    const bool object =
        llvm::isa<clang::CXXOperatorCallExpr>(call) && call->getNumArgs() > 0 && call->getArg(0) == &node;
    if (object && method != nullptr && reads_in_both_forms(*method)) return false;
    return call->getDirectCallee() != nullptr &&
           (is_library(*call->getDirectCallee(), functions_.context()) || call->getDirectCallee()->isDefaulted());
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(outer)) return unary->isIncrementDecrementOp();
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(outer))
    return binary->isAssignmentOp() && binary->getLHS() == &node;
  return !llvm::isa<clang::ArraySubscriptExpr, clang::InitListExpr, clang::LambdaExpr>(outer);
}

bool Changes::by_write(const clang::Expr& node, const FunctionBody& body) const {
  if (!node.isLValue() || node.getType().isConstQualified() || node.getType()->isFunctionType()) return false;
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&node);
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(&node);
  const bool names_object =
      name != nullptr || member != nullptr || llvm::isa<clang::CallExpr, clang::ArraySubscriptExpr>(node) ||
      (llvm::isa<clang::UnaryOperator>(node) && llvm::cast<clang::UnaryOperator>(node).getOpcode() == clang::UO_Deref);
  if (!names_object || !is_written(node, body) || is_other_local(node)) return false;
  if (may_hold(node.getType(), watched_)) return true;
  // What is left are its parts: a field of something that it holds, or anything that may be one of its elements.
  if (const auto* field = member == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
      field != nullptr && !field->getType()->isReferenceType())
    return may_hold(watched_, functions_.context().getCanonicalTagType(field->getParent()));
  const auto* variable = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  if (variable != nullptr && !variable->getType()->isReferenceType() && variable != variable_) return false;
  return may_hold(watched_, node.getType());
}

bool Changes::in(const clang::Stmt& node, const FunctionBody& body) {
  if (const auto* expression = llvm::dyn_cast<clang::Expr>(&node)) {
    if (expression->isTypeDependent() || by_call(*expression) || by_write(*expression, body)) return true;
  }
  return std::ranges::any_of(node.children(),
                             [&](const clang::Stmt* child) { return child != nullptr && in(*child, body); });
}

}  // namespace

std::optional<std::vector<const clang::Stmt*>> while_used(const clang::VarDecl& variable, const FunctionBody& body) {
  const bool parameter = llvm::isa<clang::ParmVarDecl>(variable);
  const clang::DeclStmt* declaration = body.declaration(variable);
  if (body.has_labels() || (!parameter && declaration == nullptr)) return std::nullopt;
  const clang::Stmt* around = parameter ? &body.body() : body.parent(*declaration);
  if (around == nullptr) return std::nullopt;
  if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(around)) return std::vector{loop->getBody()};
  if (llvm::isa<clang::IfStmt, clang::ForStmt, clang::WhileStmt>(around)) return std::vector{around};
  const auto* block = llvm::dyn_cast<clang::CompoundStmt>(around);
  if (block == nullptr) return std::nullopt;
  std::vector<const clang::Stmt*> statements;
  std::size_t used = 0;
  bool declared = parameter;
  for (const clang::Stmt* statement : block->body()) {
    if (declared) statements.push_back(statement);
    declared |= statement == declaration;
    const bool names = std::ranges::any_of(
        body.uses_of(variable), [&](const clang::DeclRefExpr* use) { return body.is_inside(*use, *statement); });
    if (names) used = statements.size();
  }
  statements.resize(used);
  return statements;
}

bool may_change(const std::vector<const clang::Stmt*>& statements, clang::QualType watched,
                const clang::VarDecl* variable, const FunctionBody& body, const Functions& functions) {
  Changes changes(watched, variable, functions);
  return std::ranges::any_of(statements, [&](const clang::Stmt* statement) { return changes.in(*statement, body); });
}

bool stays_while_used(const clang::VarDecl& variable, const Origin& origin, clang::QualType watched,
                      const FunctionBody& body, const Functions& functions) {
  if (origin.own && (origin.variable->getType().isConstQualified() || read_use(*origin.variable, body) != ReadUse::no))
    return !body.has_labels();
  const auto statements = while_used(variable, body);
  return statements && !may_change(*statements, watched, origin.variable, body, functions);
}

}  // namespace wml::extract
