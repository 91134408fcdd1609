#include "extract/growth.h"

#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"
#include "extract/origins.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

bool is_move(const clang::Expr& call) {
  const clang::FunctionDecl* callee = callee_of(call);
  return callee != nullptr && callee->getBuiltinID() == clang::Builtin::BImove;
}

/// Whether an operator makes its operand longer, or may: `text += c`, `std::move(text) + c`, `values = other`.
bool operator_grows(const clang::CXXOperatorCallExpr& call, const clang::Expr& operand) {
  if (call.getOperator() == clang::OO_Subscript) return false;
  return call.getOperator() != clang::OO_Equal || call.getArg(0) == &operand;
}

/// What becomes of an object that is handed over: no other operator than `=` takes it and is done.
bool grows_where_moved(const clang::Expr& moved, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(moved);
  while (outer != nullptr && llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr>(outer)) outer = body.parent(*outer);
  const auto* call = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
  return call != nullptr && call->getOperator() != clang::OO_Equal;
}

bool method_grows(const clang::MemberExpr& member) {
  static const llvm::StringSet<> harmless = {"begin", "end", "rbegin", "rend", "clear", "erase", "pop_back"};
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(member.getMemberDecl());
  if (method == nullptr) return true;
  if (method->isConst() || reads_in_both_forms(*method)) return false;
  return method->getIdentifier() == nullptr || !harmless.contains(method->getName());
}

bool is_walked(const clang::Stmt& outer, const FunctionBody& body) {
  const auto* declaration = llvm::dyn_cast<clang::DeclStmt>(&outer);
  const auto* loop =
      declaration == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::CXXForRangeStmt>(body.parent(outer));
  return loop != nullptr && loop->getRangeStmt() == declaration;
}

bool lvalue_grows(const clang::Expr& node, const FunctionBody& body) {
  // Whoever gets it as a constant can only look at it.
  if (node.getType().isConstQualified()) return false;
  const clang::Stmt* outer = body.parent(node);
  if (outer == nullptr) return true;
  if (node.isXValue()) return grows_where_moved(node, body);
  if (llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::AbstractConditionalOperator>(outer))
    return lvalue_grows(*llvm::cast<clang::Expr>(outer), body);
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(outer)) return method_grows(*member);
  if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(outer)) return operator_grows(*call, node);
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(outer))
    return !is_move(*call) || grows_where_moved(*call, body);
  // The uses in the body of a lambda are uses of their own.
  return !llvm::isa<clang::LambdaExpr>(outer) && !is_walked(*outer, body);
}

}  // namespace

bool may_grow(const clang::DeclRefExpr& use, const FunctionBody& body) { return lvalue_grows(use, body); }

}  // namespace wml::extract
