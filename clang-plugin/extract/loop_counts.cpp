#include "extract/loop_counts.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"
#include "extract/changes.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

class CountReader {
public:
  CountReader(const clang::Stmt& loop, const FunctionBody& body, const Functions& functions, const Places& places)
      : loop_(loop), body_(body), functions_(functions), places_(places) {}

  std::optional<LoopCount> read() const;

private:
  std::string spelled(const clang::Expr& expression) const;
  std::optional<LoopCount> size_of(const clang::Expr& container) const;
  std::optional<LoopCount> steady_size_of(const clang::Expr& container) const;
  std::optional<LoopCount> bound(const clang::Expr& expression) const;
  std::optional<LoopCount> variable(const clang::DeclRefExpr& name) const;
  std::optional<LoopCount> iterated(const clang::ForStmt& loop) const;

  const clang::Stmt& loop_;
  const FunctionBody& body_;
  const Functions& functions_;
  const Places& places_;
};

/// The text of an expression, with the names of macros that make the whole of it.
std::string CountReader::spelled(const clang::Expr& expression) const {
  const clang::CharSourceRange range = clang::Lexer::makeFileCharRange(
      clang::CharSourceRange::getTokenRange(expression.getSourceRange()), places_.sources(), places_.language());
  return range.isInvalid() ? std::string()
                           : clang::Lexer::getSourceText(range, places_.sources(), places_.language()).str();
}

/// A name, or members of one: what costs nothing and changes nothing when it is written once more.
bool is_plain_path(const clang::Expr& expression) {
  const clang::Expr* at = expression.IgnoreParenImpCasts();
  while (const auto* member = llvm::dyn_cast<clang::MemberExpr>(at)) at = member->getBase()->IgnoreParenImpCasts();
  return llvm::isa<clang::DeclRefExpr, clang::CXXThisExpr>(at);
}

/// How many elements a container has, where its size() costs nothing.
std::optional<LoopCount> CountReader::size_of(const clang::Expr& container) const {
  const clang::Expr& bare = *container.IgnoreParenImpCasts();
  const clang::CXXRecordDecl* record = bare.getType()->getAsCXXRecordDecl();
  static constexpr llvm::StringRef kSized[] = {
      "vector",        "basic_string", "map",  "set",  "multimap", "multiset",         "unordered_map",
      "unordered_set", "deque",        "list", "span", "array",    "basic_string_view"};
  if (!is_plain_path(bare) || record == nullptr || !record->isInStdNamespace() || record->getIdentifier() == nullptr ||
      !llvm::is_contained(kSized, record->getName()))
    return std::nullopt;
  const auto text = places_.text(bare.getSourceRange());
  return text ? std::optional(LoopCount{std::nullopt, text->text + ".size()", true}) : std::nullopt;
}

/// The same where the loop asks for it again and again: it must not change meanwhile.
std::optional<LoopCount> CountReader::steady_size_of(const clang::Expr& container) const {
  const clang::Expr& bare = *container.IgnoreParenImpCasts();
  const auto origin = origin_of(bare);
  const auto* variable = origin ? origin->variable : nullptr;
  const bool only_read = variable != nullptr && variable->hasLocalStorage() &&
                         !variable->getType()->isReferenceType() && read_use(*variable, body_) != ReadUse::no;
  const bool steady = origin && (bare.getType().isConstQualified() || only_read ||
                                 !may_change({&loop_}, bare.getType(), variable, body_, functions_));
  return steady ? size_of(bare) : std::nullopt;
}

const clang::CXXMemberCallExpr* call_of(const clang::Expr& expression, std::initializer_list<llvm::StringRef> names) {
  const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&without_wrapping(expression));
  const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  return method != nullptr && method->getIdentifier() != nullptr && llvm::is_contained(names, method->getName())
             ? call
             : nullptr;
}

/// Whether a number is computed by calls, other than those that ask for a size.
bool comes_from_call(const clang::Stmt& node) {
  const auto* expression = llvm::dyn_cast<clang::Expr>(&node);
  if (expression != nullptr && llvm::isa<clang::CallExpr>(node))
    return call_of(*expression, {"size", "length"}) == nullptr;
  return std::ranges::any_of(node.children(),
                             [](const clang::Stmt* child) { return child != nullptr && comes_from_call(*child); });
}

std::optional<LoopCount> CountReader::variable(const clang::DeclRefExpr& name) const {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(name.getDecl());
  if (variable == nullptr || !variable->hasLocalStorage() || !variable->getType()->isIntegerType()) return std::nullopt;
  const bool parameter = llvm::isa<clang::ParmVarDecl>(variable);
  // Whoever gets its address, such as a function that reads it from a file, may set it.
  const bool changes = !std::ranges::all_of(body_.uses_of(*variable), [&](const clang::DeclRefExpr* use) {
    const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(body_.parent(*use));
    return value != nullptr && value->getCastKind() == clang::CK_LValueToRValue;
  });
  const clang::Expr* init = variable->getInit();
  if (changes || (!parameter && (init == nullptr || comes_from_call(*init)))) return std::nullopt;
  const bool is_size = !parameter && call_of(*init->IgnoreParenCasts(), {"size", "length"}) != nullptr;
  // A negative bound would become a huge one.
  if (!is_size && !variable->getType()->isUnsignedIntegerType()) return std::nullopt;
  return LoopCount{std::nullopt, variable->getNameAsString(), is_size};
}

std::optional<LoopCount> CountReader::bound(const clang::Expr& expression) const {
  const clang::Expr& bare = *without_wrapping(expression).IgnoreParenCasts();
  if (const auto* call = call_of(bare, {"size", "length"})) {
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(call->getCallee()->IgnoreParens());
    return member == nullptr || member->isArrow() ? std::nullopt : steady_size_of(*call->getImplicitObjectArgument());
  }
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&bare);
  return name == nullptr ? std::nullopt : variable(*name);
}

bool names(const clang::Expr& expression, const clang::VarDecl& variable) {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParenImpCasts());
  return name != nullptr && name->getDecl() == &variable;
}

/// The container of `c.begin()` or `c.end()`, with the conversion to its const_iterator or without.
const clang::Expr* container_of(const clang::Expr* iterator, llvm::StringRef name, llvm::StringRef const_name) {
  if (iterator == nullptr) return nullptr;
  const clang::Expr* at = &without_wrapping(*iterator);
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(at); made != nullptr && made->getNumArgs() > 0)
    return container_of(made->getArg(0), name, const_name);
  const auto* call = call_of(*at, {name, const_name});
  const auto* member = call == nullptr ? nullptr : llvm::dyn_cast<clang::MemberExpr>(call->getCallee()->IgnoreParens());
  return member == nullptr || member->isArrow() ? nullptr : call->getImplicitObjectArgument()->IgnoreParenImpCasts();
}

/// The operands of `a != b`, whatever it stands for.
std::pair<const clang::Expr*, const clang::Expr*> compared(const clang::Expr& condition) {
  const clang::Expr& bare = without_wrapping(condition);
  if (const auto* rewritten = llvm::dyn_cast<clang::CXXRewrittenBinaryOperator>(&bare);
      rewritten != nullptr && rewritten->getOpcode() == clang::BO_NE)
    return {rewritten->getLHS(), rewritten->getRHS()};
  if (const auto* plain = llvm::dyn_cast<clang::BinaryOperator>(&bare);
      plain != nullptr && plain->getOpcode() == clang::BO_NE)
    return {plain->getLHS(), plain->getRHS()};
  const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&bare);
  if (call == nullptr || call->getOperator() != clang::OO_ExclaimEqual || call->getNumArgs() != 2) return {};
  return {call->getArg(0), call->getArg(1)};
}

/// `for (auto it = c.begin(); it != c.end(); ++it)`, where `it` is only read through elsewhere.
std::optional<LoopCount> CountReader::iterated(const clang::ForStmt& loop) const {
  const auto* init = llvm::dyn_cast_or_null<clang::DeclStmt>(loop.getInit());
  const auto* at =
      init == nullptr || !init->isSingleDecl() ? nullptr : llvm::dyn_cast<clang::VarDecl>(init->getSingleDecl());
  if (at == nullptr || loop.getCond() == nullptr || loop.getInc() == nullptr) return std::nullopt;
  const auto [left, right] = compared(*loop.getCond());
  const clang::Expr* begin = container_of(at->getInit(), "begin", "cbegin");
  const clang::Expr* end = container_of(right, "end", "cend");
  if (begin == nullptr || end == nullptr || left == nullptr || !names(*left, *at)) return std::nullopt;
  const clang::Expr& step = without_wrapping(*loop.getInc());
  for (const clang::DeclRefExpr* use : body_.uses_of(*at)) {
    if (body_.is_inside(*use, *loop.getCond())) continue;
    const clang::Stmt* outer = body_.parent(*use);
    while (outer != nullptr && llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr>(outer))
      outer = body_.parent(*outer);
    const auto* operation = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
    const auto kind = operation == nullptr ? clang::OO_None : operation->getOperator();
    const bool steps = operation == &step && kind == clang::OO_PlusPlus;
    if (!steps && kind != clang::OO_Star && kind != clang::OO_Arrow) return std::nullopt;
  }
  const auto count = steady_size_of(*begin);
  const auto same = size_of(*end);
  return count && same && count->text == same->text ? count : std::nullopt;
}

std::optional<LoopCount> CountReader::read() const {
  const clang::ASTContext& context = functions_.context();
  const CountingLoop counting = counting_loop(loop_, body_);
  if (const auto number = iterations_of(loop_, body_, context)) {
    LoopCount count{number, std::to_string(*number), true};
    const clang::Expr* written = counting.variable == nullptr ? nullptr : counting.bound->IgnoreParenImpCasts();
    const bool named = written != nullptr && constant_value(*counting.first, context) == std::uint64_t{0} &&
                       (llvm::isa<clang::DeclRefExpr>(written) || written->getBeginLoc().isMacroID());
    const std::string text = named ? spelled(*written) : std::string();
    if (!text.empty()) count.text = text;
    return count;
  }
  if (const auto* range = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop_))
    return range->getRangeInit() == nullptr ? std::nullopt : size_of(*range->getRangeInit());
  if (counting.variable != nullptr)
    return constant_value(*counting.first, context) == std::uint64_t{0} ? bound(*counting.bound) : std::nullopt;
  const auto* plain = llvm::dyn_cast<clang::ForStmt>(&loop_);
  return plain == nullptr ? std::nullopt : iterated(*plain);
}

}  // namespace

std::optional<LoopCount> count_of(const clang::Stmt& loop, const FunctionBody& body, const Functions& functions,
                                  const Places& places) {
  return CountReader(loop, body, functions, places).read();
}

}  // namespace wml::extract
