#include "extract/captured_copies.h"

#include <algorithm>

#include "extract/changes.h"
#include "extract/copies.h"
#include "extract/only_read.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

/// Algorithms that are done with the function that they are given when they return. for_each returns it, to nobody.
bool runs_at_once(const clang::CallExpr& call) {
  static const llvm::StringSet<> names = {
      "all_of",  "any_of",    "none_of",     "for_each",    "for_each_n",  "find_if",     "find_if_not", "count_if",
      "copy_if", "remove_if", "replace_if",  "transform",   "generate",    "sort",        "stable_sort", "partial_sort",
      "unique",  "partition", "lower_bound", "upper_bound", "max_element", "min_element", "accumulate",  "erase_if"};
  const clang::FunctionDecl* callee = call.getDirectCallee();
  return callee != nullptr && callee->isInStdNamespace() && callee->getIdentifier() != nullptr &&
         names.contains(callee->getName());
}

bool is_called(const clang::Expr& function, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(function);
  while (outer != nullptr && llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::MaterializeTemporaryExpr,
                                       clang::CXXBindTemporaryExpr>(outer))
    outer = body.parent(*outer);
  const auto* call = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
  return call != nullptr && call->getOperator() == clang::OO_Call &&
         &without_wrapping(*call->getArg(0)) == &without_wrapping(function);
}

/// The statements in which the lambda lives, where it is called in them and goes nowhere else.
std::vector<const clang::Stmt*> life_of(const clang::LambdaExpr& lambda, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(lambda);
  while (outer != nullptr &&
         llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::MaterializeTemporaryExpr,
                   clang::CXXBindTemporaryExpr, clang::ExprWithCleanups, clang::CXXConstructExpr>(outer))
    outer = body.parent(*outer);
  if (outer == nullptr) return {};
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(outer)) {
    const bool at_once = runs_at_once(*call) || is_called(lambda, body);
    return at_once ? std::vector<const clang::Stmt*>{call} : std::vector<const clang::Stmt*>{};
  }
  const auto* statement = llvm::dyn_cast<clang::DeclStmt>(outer);
  const auto* variable = statement == nullptr || !statement->isSingleDecl()
                             ? nullptr
                             : llvm::dyn_cast<clang::VarDecl>(statement->getSingleDecl());
  if (variable == nullptr || variable->getType()->getAsCXXRecordDecl() != lambda.getLambdaClass() ||
      !std::ranges::all_of(body.uses_of(*variable), [&](const clang::DeclRefExpr* use) {
        return !use->refersToEnclosingVariableOrCapture() && is_called(*use, body);
      }))
    return {};
  const auto statements = while_used(*variable, body);
  return statements ? *statements : std::vector<const clang::Stmt*>{};
}

bool is_only_read_in(const clang::LambdaExpr& lambda, const clang::VarDecl& variable, const FunctionBody& body) {
  bool read = false;
  for (const clang::DeclRefExpr* use : body.uses_of(variable)) {
    if (!body.is_inside(*use, *lambda.getBody())) continue;
    if (read_use(*use, body) == ReadUse::no) return false;
    read = true;
  }
  return read;
}

}  // namespace

void add_captured_copies(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                         std::vector<CopyFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  for (const clang::LambdaExpr* lambda : body.lambdas()) {
    if (lambda->isMutable() || lambda->isGenericLambda() || lambda->getBeginLoc().isMacroID()) continue;
    for (const clang::LambdaCapture& capture : lambda->captures()) {
      if (!capture.capturesVariable() || capture.getCaptureKind() != clang::LCK_ByCopy) continue;
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(capture.getCapturedVar());
      if (variable == nullptr || variable->isInitCapture() ||
          !may_allocate(variable->getType().getNonReferenceType()) || !is_only_read_in(*lambda, *variable, body))
        continue;
      const std::vector<const clang::Stmt*> life = life_of(*lambda, body);
      const clang::QualType type = variable->getType().getNonReferenceType();
      if (life.empty() || may_change(life, type, variable, body, functions)) continue;
      CopyFact fact = copy_fact(CopyKind::capture, *variable, body, functions, places);
      fact.where = places.of(capture.isExplicit() ? capture.getLocation() : lambda->getBeginLoc());
      add_loop(fact, *lambda, body, functions, places);
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace wml::extract
