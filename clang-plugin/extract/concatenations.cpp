#include "extract/concatenations.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/allocations.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"
#include "llvm/ADT/StringExtras.h"

// The result of `s + x` is a new string that takes the place of `s`, so that each iteration holds both and asks for
// memory of another size. What `s += x` does differs in nothing but that: its operand is evaluated before it begins,
// and a string may be appended to itself.

namespace wml::extract {
namespace {

/// `target = target + added`
struct Concatenation {
  const clang::DeclRefExpr* target = nullptr;
  const clang::DeclRefExpr* again = nullptr;
  const clang::Expr* added = nullptr;
  bool one = false;  ///< nothing else is added
};

const clang::CXXOperatorCallExpr* standard_operator(const clang::Expr& expression, clang::OverloadedOperatorKind kind) {
  const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&without_wrapping(expression));
  const clang::FunctionDecl* callee = call == nullptr ? nullptr : call->getDirectCallee();
  const bool is = callee != nullptr && call->getOperator() == kind && call->getNumArgs() == 2;
  return is && callee->isInStdNamespace() ? call : nullptr;
}

const clang::DeclRefExpr* as_name(const clang::Expr& expression) {
  return llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreImpCasts());
}

std::optional<Concatenation> concatenation_of(const clang::Expr& expression) {
  // operator= is a member of std::string.
  const auto* assignment = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression);
  if (assignment == nullptr || assignment->getOperator() != clang::OO_Equal || assignment->getNumArgs() != 2 ||
      !is_string(assignment->getArg(0)->getType()))
    return std::nullopt;
  Concatenation found;
  found.target = as_name(*assignment->getArg(0));
  const auto* sum = standard_operator(*assignment->getArg(1), clang::OO_Plus);
  if (found.target == nullptr || sum == nullptr) return std::nullopt;
  found.added = sum->getArg(1);
  found.one = true;
  while (const auto* inner = standard_operator(*sum->getArg(0), clang::OO_Plus)) {
    sum = inner;
    found.one = false;
  }
  found.again = as_name(*sum->getArg(0));
  const bool same = found.again != nullptr && found.again->getDecl() == found.target->getDecl();
  return same ? std::optional(found) : std::nullopt;
}

/// The most characters that a loop can add, where that is known: those of literals and single characters.
std::optional<std::uint64_t> most_added(const Concatenation& found, std::optional<std::uint64_t> iterations) {
  if (!iterations || !found.one) return std::nullopt;
  const clang::Expr& added = *found.added->IgnoreParenImpCasts();
  if (added.getType()->isAnyCharacterType()) return iterations;
  const auto* literal = llvm::dyn_cast<clang::StringLiteral>(&added);
  return literal == nullptr ? std::nullopt : std::optional(*iterations * literal->getLength());
}

/// `= s +` becomes `+=`, if nothing else stands there.
std::optional<AppendEdit> edit_of(const Concatenation& found, const clang::VarDecl& variable, const FunctionBody& body,
                                  const Places& places) {
  const clang::SourceLocation begin = found.target->getEndLoc();
  const clang::SourceLocation end = found.added->getBeginLoc();
  if (!found.one || begin.isMacroID() || end.isMacroID()) return std::nullopt;
  // What is added must not look at the string, which may have to move while it is appended to.
  const bool names = std::ranges::any_of(
      body.uses_of(variable), [&](const clang::DeclRefExpr* use) { return body.is_inside(*use, *found.added); });
  const auto [file, first] = places.sources().getDecomposedLoc(begin);
  const auto [other, last] = places.sources().getDecomposedLoc(end);
  if (names || file != other || last <= first) return std::nullopt;
  const llvm::StringRef text = places.sources().getBufferData(file).slice(first, last);
  const std::string name = variable.getNameAsString();
  const std::string compact = llvm::join(llvm::split(text, " "), "");
  if (compact != name + "=" + name + "+") return std::nullopt;
  return AppendEdit{places.of(begin), text.size(), name + " += "};
}

std::optional<AllocationFact> fact_of(const clang::Expr& call, const FunctionBody& body, const Functions& functions,
                                      const Places& places) {
  const auto found = concatenation_of(call);
  const auto* variable = found ? llvm::dyn_cast<clang::VarDecl>(found->target->getDecl()) : nullptr;
  const clang::Stmt* loop = variable == nullptr ? nullptr : body.loop_around(call);
  if (loop == nullptr || call.getExprLoc().isMacroID() || !variable->hasLocalStorage()) return std::nullopt;
  const clang::QualType type = variable->getType().getNonReferenceType();
  if (!type_argument(*as_standard(type, "basic_string"), 0)->isCharType()) return std::nullopt;
  // A statement of its own, of a string that was there before.
  const clang::Stmt* outer = body.parent(call);
  if (outer != nullptr && llvm::isa<clang::ExprWithCleanups>(outer)) outer = body.parent(*outer);
  const clang::DeclStmt* declaration = body.declaration(*variable);
  if (outer == nullptr || llvm::isa<clang::Expr>(outer) || found->target->refersToEnclosingVariableOrCapture() ||
      (declaration != nullptr && body.is_inside(*declaration, *loop)))
    return std::nullopt;
  const auto most = most_added(*found, iterations_of(*loop, body, functions.context()));
  if (most && *most <= small_string_bytes(functions.context())) return std::nullopt;
  AllocationFact fact = growth_in_loop(AllocationForm::concatenation, Reach::shown, *variable, call.getBeginLoc(),
                                       *loop, body, functions, places);
  fact.append_edit = edit_of(*found, *variable, body, places);
  return fact;
}

}  // namespace

void add_concatenations(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                        std::vector<AllocationFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  if (functions.replaces_new()) return;
  for (const clang::Expr* call : body.calls()) {
    if (auto fact = fact_of(*call, body, functions, places)) facts.push_back(std::move(*fact));
  }
}

}  // namespace wml::extract
