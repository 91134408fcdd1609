#include "extract/append_loops.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/heap_types.h"
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
  if (llvm::isa<clang::BreakStmt, clang::ContinueStmt, clang::ReturnStmt, clang::GotoStmt, clang::CXXThrowExpr>(statement))
    return true;
  return std::ranges::any_of(statement.children(), [](const clang::Stmt* child) { return child != nullptr && may_skip(*child); });
}

/// The call that `statement` is, where it appends one element to the vector.
const clang::CXXMemberCallExpr* append_in(const clang::Stmt& statement, const clang::VarDecl& vector) {
  const auto* expression = llvm::dyn_cast<clang::Expr>(&statement);
  const auto* call = expression == nullptr ? nullptr : llvm::dyn_cast<clang::CXXMemberCallExpr>(&without_wrapping(*expression));
  const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  if (method == nullptr || method->getIdentifier() == nullptr ||
      (method->getName() != "push_back" && method->getName() != "emplace_back"))
    return nullptr;
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(call->getImplicitObjectArgument()->IgnoreParenImpCasts());
  return name != nullptr && name->getDecl() == &vector ? call : nullptr;
}

/// How many elements a container has, where its size() costs nothing.
std::string size_text(const clang::Expr& container, const Places& places) {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(container.IgnoreParenImpCasts());
  const clang::CXXRecordDecl* record = container.getType()->getAsCXXRecordDecl();
  static constexpr llvm::StringRef kSized[] = {"vector", "basic_string", "map",  "set",   "unordered_map", "unordered_set",
                                               "deque",  "list",         "span", "array", "basic_string_view"};
  if (name == nullptr || record == nullptr || !record->isInStdNamespace() || record->getIdentifier() == nullptr ||
      !llvm::is_contained(kSized, record->getName()))
    return {};
  const auto text = places.text(name->getSourceRange());
  return text ? text->text + ".size()" : std::string();
}

/// A bound of a counting loop that is the same in front of the loop and in each iteration: `n` or `c.size()`.
std::string bound_text(const CountingLoop& counting, const clang::Stmt& loop, const FunctionBody& body,
                       const clang::ASTContext& context, const Places& places) {
  if (constant_value(*counting.first, context) != std::uint64_t{0}) return {};
  const clang::Expr& bound = without_wrapping(*counting.bound);
  if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&bound)) {
    const clang::CXXMethodDecl* method = call->getMethodDecl();
    const bool size = method != nullptr && method->getIdentifier() != nullptr && method->getName() == "size";
    const clang::VarDecl* root = size ? root_of(*call->getImplicitObjectArgument()) : nullptr;
    if (root == nullptr || (!root->getType().getNonReferenceType().isConstQualified() && read_use(*root, body) == ReadUse::no))
      return {};
    return size_text(*call->getImplicitObjectArgument(), places);
  }
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&bound);
  const auto* variable = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  if (variable == nullptr || !variable->hasLocalStorage() || !variable->getType()->isUnsignedIntegerType()) return {};
  for (const clang::DeclRefExpr* use : body.uses_of(*variable)) {
    if (!body.is_inside(*use, loop)) continue;
    const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(body.parent(*use));
    if (value == nullptr || value->getCastKind() != clang::CK_LValueToRValue) return {};
  }
  return variable->getNameAsString();
}

/// What stands in front of the loop in its line, if that is nothing but blanks.
bool read_indentation(const clang::Stmt& loop, const Places& places, std::string& indentation) {
  if (loop.getBeginLoc().isMacroID()) return false;
  const auto [file, offset] = places.sources().getDecomposedLoc(loop.getBeginLoc());
  const llvm::StringRef before = places.sources().getBufferData(file).substr(0, offset);
  const llvm::StringRef line = before.substr(before.rfind('\n') + 1);
  indentation = line.str();
  return line.trim(" \t").empty();
}

bool read_count(AppendLoopFact& fact, const clang::Stmt& loop, const FunctionBody& body, const Functions& functions,
                const Places& places) {
  fact.count = iterations_of(loop, body, functions.context());
  if (fact.count) {
    fact.count_text = std::to_string(*fact.count);
  } else if (const auto* range = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop)) {
    if (range->getRangeInit() != nullptr) fact.count_text = size_text(*range->getRangeInit(), places);
  } else if (const CountingLoop counting = counting_loop(loop, body); counting.variable != nullptr) {
    fact.count_text = bound_text(counting, loop, body, functions.context(), places);
  }
  return !fact.count_text.empty();
}

/// The statement behind the declaration that first names the vector.
const clang::Stmt* first_use(const clang::VarDecl& vector, const FunctionBody& body) {
  const clang::DeclStmt* declaration = body.declaration(vector);
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body.parent(*declaration));
  if (block == nullptr) return nullptr;
  for (const clang::Stmt* statement : block->body()) {
    const bool uses = std::ranges::any_of(body.uses_of(vector), [&](const clang::DeclRefExpr* use) { return body.is_inside(*use, *statement); });
    if (uses) return statement;
  }
  return nullptr;
}

std::optional<AppendLoopFact> append_loop_of(const clang::VarDecl& vector, const FunctionBody& body, const Functions& functions,
                                    const Places& places) {
  const auto* construction = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(vector.getInit());
  if (!is_vector(vector.getType()) || construction == nullptr || construction->getNumArgs() > 0) return std::nullopt;
  const clang::Stmt* loop = first_use(vector, body);
  const clang::Stmt* repeated = loop == nullptr ? nullptr : body_of_loop(*loop);
  if (repeated == nullptr || may_skip(*repeated) || body.has_labels()) return std::nullopt;
  std::vector<const clang::Stmt*> statements{repeated};
  if (const auto* block = llvm::dyn_cast<clang::CompoundStmt>(repeated)) statements.assign(block->body_begin(), block->body_end());
  const clang::CXXMemberCallExpr* append = nullptr;
  for (const clang::Stmt* statement : statements) {
    const clang::CXXMemberCallExpr* call = append_in(*statement, vector);
    if (call != nullptr && append != nullptr) return std::nullopt;
    if (call != nullptr) append = call;
  }
  const auto inside = std::ranges::count_if(body.uses_of(vector), [&](const clang::DeclRefExpr* use) { return body.is_inside(*use, *loop); });
  if (append == nullptr || inside != 1) return std::nullopt;
  const clang::QualType element = type_argument(*as_standard(vector.getType(), "vector"), 0);
  if (element.isNull() || element->isBooleanType() || element->isIncompleteType()) return std::nullopt;
  AppendLoopFact fact;
  if (!read_count(fact, *loop, body, functions, places)) return std::nullopt;
  fact.name = vector.getNameAsString();
  fact.type = type_text(vector.getType(), functions.context());
  fact.function = body.function().getQualifiedNameAsString();
  fact.where = places.of(append->getExprLoc());
  fact.loop = places.of(loop->getBeginLoc());
  fact.element_bytes = static_cast<std::uint64_t>(functions.context().getTypeSizeInChars(element).getQuantity());
  fact.editable = read_indentation(*loop, places, fact.indentation);
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
