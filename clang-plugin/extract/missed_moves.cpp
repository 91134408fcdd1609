#include "extract/missed_moves.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/copies.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"
#include "extract/origins.h"

namespace wml::extract {
namespace {

/// One short-lived string is not worth a word; a container is.
bool is_worth_a_move(clang::QualType type) { return copy_allocates(type) == HeapCopy::yes; }

/// What a name is copied to, where it is the whole of what is copied: a member that a constructor initialises, or the
/// left side of an assignment.
bool is_copied_on(const clang::DeclRefExpr& name, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(name);
  while (outer != nullptr && llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr>(outer)) outer = body.parent(*outer);
  const auto* assignment = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
  if (assignment != nullptr && assignment->getOperator() == clang::OO_Equal) {
    const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(assignment->getDirectCallee());
    return method != nullptr && method->isCopyAssignmentOperator() && body.loop_around(*assignment) == nullptr;
  }
  const auto* copy = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(outer);
  const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&body.function());
  return copy != nullptr && copy->getConstructor()->isCopyConstructor() && constructor != nullptr &&
         std::ranges::any_of(constructor->inits(), [&](const clang::CXXCtorInitializer* initialiser) {
           return initialiser->isAnyMemberInitializer() && &without_wrapping(*initialiser->getInit()) == copy;
         });
}

void add_unmoved(const clang::ParmVarDecl& parameter, const FunctionBody& body, const Functions& functions,
                 const Places& places, std::vector<CopyFact>& facts) {
  const clang::QualType type = parameter.getType();
  const std::vector<const clang::DeclRefExpr*>& uses = body.uses_of(parameter);
  if (uses.size() != 1 || type->isReferenceType() || type.isConstQualified() || !is_worth_a_move(type) ||
      parameter.getLocation().isMacroID() || uses.front()->refersToEnclosingVariableOrCapture() ||
      uses.front()->getBeginLoc().isMacroID() || !is_copied_on(*uses.front(), body))
    return;
  CopyFact fact = copy_fact(CopyKind::unmoved, parameter, body, functions, places);
  fact.where = places.of(uses.front()->getBeginLoc());
  facts.push_back(std::move(fact));
}

/// The name that a return statement copies, or makes a std::optional from.
const clang::DeclRefExpr* returned_name(const clang::ReturnStmt& statement) {
  if (statement.getRetValue() == nullptr) return nullptr;
  const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(*statement.getRetValue()));
  if (made == nullptr || made->getNumArgs() == 0 ||
      (!made->getConstructor()->isCopyConstructor() && !is_standard(made->getType(), "optional")))
    return nullptr;
  return llvm::dyn_cast<clang::DeclRefExpr>(made->getArg(0)->IgnoreParenImpCasts());
}

void add_const_result(const clang::ReturnStmt& statement, const FunctionBody& body, const Functions& functions,
                      const Places& places, std::vector<CopyFact>& facts) {
  const clang::DeclRefExpr* name = returned_name(statement);
  const auto* variable = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  // Where the variable is the result itself nothing is copied.
  if (variable == nullptr || !variable->hasLocalStorage() || variable->getType()->isReferenceType() ||
      !variable->getType().isConstQualified() || variable->isNRVOVariable() || variable->isConstexpr() ||
      name->refersToEnclosingVariableOrCapture() || variable->getLocation().isMacroID() ||
      !is_worth_a_move(variable->getType()))
    return;
  CopyFact fact = copy_fact(CopyKind::const_result, *variable, body, functions, places);
  fact.where = places.of(name->getBeginLoc());
  facts.push_back(std::move(fact));
}

}  // namespace

void add_missed_moves(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                      std::vector<CopyFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  for (const clang::ParmVarDecl* parameter : function.parameters())
    add_unmoved(*parameter, body, functions, places, facts);
  for (const clang::ReturnStmt* statement : body.returns())
    add_const_result(*statement, body, functions, places, facts);
}

}  // namespace wml::extract
