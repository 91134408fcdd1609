#include "extract/append_loops.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/growth.h"
#include "extract/heap_types.h"
#include "extract/loop_counts.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

const clang::Stmt* body_of_loop(const clang::Stmt& loop) {
  if (const auto* counting = llvm::dyn_cast<clang::ForStmt>(&loop)) return counting->getBody();
  const auto* range = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop);
  return range == nullptr ? nullptr : range->getBody();
}

/// Whether an iteration or the loop can end early, so that fewer elements are appended than the loop has iterations.
bool may_skip(const clang::Stmt& statement) {
  if (llvm::isa<clang::BreakStmt, clang::ContinueStmt, clang::ReturnStmt, clang::GotoStmt, clang::CXXThrowExpr>(
          statement))
    return true;
  return std::ranges::any_of(statement.children(),
                             [](const clang::Stmt* child) { return child != nullptr && may_skip(*child); });
}

const clang::Stmt* without_attributes(const clang::Stmt* statement) {
  const auto* attributed = llvm::dyn_cast<clang::AttributedStmt>(statement);
  return attributed == nullptr ? statement : without_attributes(attributed->getSubStmt());
}

/// The expression that `statement` is, where it appends one element to the vector, or one character to the string.
const clang::Expr* append_in(const clang::Stmt& statement, const clang::VarDecl& vector) {
  const auto* expression = llvm::dyn_cast<clang::Expr>(without_attributes(&statement));
  const auto* call = expression == nullptr ? nullptr : llvm::dyn_cast<clang::CallExpr>(&without_wrapping(*expression));
  const clang::Expr* target = nullptr;
  if (const auto* method = llvm::dyn_cast_or_null<clang::CXXMemberCallExpr>(call)) {
    const clang::CXXMethodDecl* callee = method->getMethodDecl();
    if (callee != nullptr && callee->getIdentifier() != nullptr &&
        (callee->getName() == "push_back" || callee->getName() == "emplace_back"))
      target = method->getImplicitObjectArgument();
  } else if (const auto* sum = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(call)) {
    if (sum->getOperator() == clang::OO_PlusEqual && sum->getArg(1)->getType()->isAnyCharacterType())
      target = sum->getArg(0);
  }
  const auto* name = target == nullptr ? nullptr : llvm::dyn_cast<clang::DeclRefExpr>(target->IgnoreParenImpCasts());
  return name != nullptr && name->getDecl() == &vector ? call : nullptr;
}

std::size_t start_of_line(llvm::StringRef text, std::size_t at) { return text.substr(0, at).rfind('\n') + 1; }

/// The start of the comment that fills the lines right above `line`, or `line` itself.
std::size_t above_comment(llvm::StringRef text, std::size_t line) {
  std::size_t first = line;
  bool in_block = false;
  for (std::size_t end = line; end > 0;) {
    const std::size_t start = start_of_line(text, end - 1);
    const llvm::StringRef above = text.slice(start, end).trim();
    if (!in_block && above.starts_with("//")) {
      first = start;
    } else if (in_block || above.ends_with("*/")) {
      in_block = !above.starts_with("/*");
      if (!in_block) first = start;
    } else {
      break;
    }
    end = start;
  }
  return first;
}

/// Where a line before a loop goes, if the loop starts its line: before the loop's comment.
bool read_insertion(AppendLoopFact& fact, const clang::Stmt& loop, const Places& places) {
  if (loop.getBeginLoc().isMacroID()) return false;
  const auto [file, offset] = places.sources().getDecomposedLoc(loop.getBeginLoc());
  const llvm::StringRef text = places.sources().getBufferData(file);
  const std::size_t line = start_of_line(text, offset);
  if (!text.slice(line, offset).trim(" \t").empty()) return false;
  const std::size_t first = above_comment(text, line);
  // A pragma is about the statement that follows it.
  if (first > 0 && text.slice(start_of_line(text, first - 1), first).trim().starts_with("#pragma")) return false;
  fact.indentation = text.substr(first).take_while([](char c) { return c == ' ' || c == '\t'; }).str();
  const auto at = static_cast<clang::SourceLocation::IntTy>(first + fact.indentation.size());
  fact.insertion = places.of(places.sources().getLocForStartOfFile(file).getLocWithOffset(at));
  return true;
}

/// The statement behind the declaration that first names the vector.
const clang::Stmt* first_use(const clang::VarDecl& vector, const FunctionBody& body) {
  const clang::DeclStmt* declaration = body.declaration(vector);
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body.parent(*declaration));
  if (block == nullptr) return nullptr;
  for (const clang::Stmt* statement : block->body()) {
    const bool uses = std::ranges::any_of(
        body.uses_of(vector), [&](const clang::DeclRefExpr* use) { return body.is_inside(*use, *statement); });
    if (uses) return statement;
  }
  return nullptr;
}

/// The type of the elements of an empty vector or string that can be given room for them; null where there is none.
clang::QualType element_of_empty(const clang::VarDecl& variable) {
  const auto* construction = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(variable.getInit());
  if (construction == nullptr || construction->getNumArgs() > 0) return {};
  const auto* vector = as_standard(variable.getType(), "vector");
  const auto* made = vector == nullptr ? as_standard(variable.getType(), "basic_string") : vector;
  const clang::QualType element = made == nullptr ? clang::QualType() : type_argument(*made, 0);
  return element.isNull() || element->isBooleanType() || element->isIncompleteType() ? clang::QualType() : element;
}

/// Whether a loop names the vector once, and nothing behind the loop may add to it: one more element than was reserved
/// doubles what is there, which is worse than growing all the way.
bool is_full_after(const clang::Stmt& loop, const clang::VarDecl& vector, const FunctionBody& body) {
  unsigned inside = 0;
  for (const clang::DeclRefExpr* use : body.uses_of(vector)) {
    if (body.is_inside(*use, loop)) {
      ++inside;
    } else if (may_grow(*use, body)) {
      return false;
    }
  }
  return inside == 1;
}

std::optional<AppendLoopFact> append_loop_of(const clang::VarDecl& vector, const FunctionBody& body,
                                             const Functions& functions, const Places& places) {
  const clang::QualType element = element_of_empty(vector);
  const clang::Stmt* loop = element.isNull() ? nullptr : first_use(vector, body);
  const clang::Stmt* repeated = loop == nullptr ? nullptr : body_of_loop(*loop);
  if (repeated == nullptr || may_skip(*repeated) || body.has_labels()) return std::nullopt;
  repeated = without_attributes(repeated);
  std::vector<const clang::Stmt*> statements{repeated};
  if (const auto* block = llvm::dyn_cast<clang::CompoundStmt>(repeated))
    statements.assign(block->body_begin(), block->body_end());
  const clang::Expr* append = nullptr;
  for (const clang::Stmt* statement : statements) {
    const clang::Expr* call = append_in(*statement, vector);
    if (call != nullptr && append != nullptr) return std::nullopt;
    if (call != nullptr) append = call;
  }
  if (append == nullptr || !is_full_after(*loop, vector, body)) return std::nullopt;
  const auto count = count_of(*loop, body, functions, places);
  if (!count) return std::nullopt;
  if (is_string(vector.getType()) && count->number && *count->number <= small_string_bytes(functions.context()))
    return std::nullopt;
  AppendLoopFact fact;
  fact.count = count->number;
  fact.count_text = count->text;
  fact.trusted = count->trusted;
  fact.name = vector.getNameAsString();
  fact.type = type_text(vector.getType(), functions.context());
  fact.function = body.function().getQualifiedNameAsString();
  fact.where = places.of(append->getExprLoc());
  fact.loop = places.of(loop->getBeginLoc());
  fact.element_bytes = static_cast<std::uint64_t>(functions.context().getTypeSizeInChars(element).getQuantity());
  fact.editable = fact.trusted && read_insertion(fact, *loop, places);
  return fact;
}

}  // namespace

void add_append_loops(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                      std::vector<AppendLoopFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  if (functions.replaces_new()) return;
  for (const clang::VarDecl* variable : body.locals()) {
    if (variable->getLocation().isMacroID()) continue;
    if (auto fact = append_loop_of(*variable, body, functions, places)) facts.push_back(std::move(*fact));
  }
}

}  // namespace wml::extract
