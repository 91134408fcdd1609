#include "extract/string_streams.h"

#include "clang/AST/StmtCXX.h"
#include "extract/allocations.h"
#include "extract/heap_types.h"
#include "extract/library_functions.h"
#include "extract/only_read.h"
#include "extract/origins.h"
#include "llvm/ADT/StringSet.h"

// A stream that is used again keeps the flags that were set in it, so only streams count that get nothing but text and
// numbers: no manipulator but std::endl and its kind, no type with an operator of its own, no function that takes the
// stream. And only those whose text is certain to outgrow the room that the string in them has without the heap.

namespace wml::extract {
namespace {

/// At least how many characters writing a value adds; nothing where it may also set flags.
std::optional<std::uint64_t> least_written(const clang::Expr& value) {
  static const llvm::StringSet<> harmless = {"endl", "ends", "flush"};
  const clang::Expr& bare = without_wrapping(value);
  if (const auto* literal = llvm::dyn_cast<clang::StringLiteral>(&bare)) return literal->getLength();
  const clang::QualType type = bare.getType();
  if (type->isArithmeticType()) return 1;
  if (is_standard(type, "basic_string") || is_standard(type, "basic_string_view")) return 0;
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&bare);
  const clang::NamedDecl* named = name == nullptr ? nullptr : name->getDecl();
  if (named != nullptr && named->getIdentifier() != nullptr && llvm::isa<clang::FunctionDecl>(named))
    return harmless.contains(named->getName()) && named->isInStdNamespace() ? std::optional<std::uint64_t>(0)
                                                                            : std::nullopt;
  const bool text = type->isPointerType() && type->getPointeeType()->isAnyCharacterType();
  return text || type->isArrayType() ? std::optional<std::uint64_t>(0) : std::nullopt;
}

class Stream {
public:
  Stream(const clang::VarDecl& variable, const FunctionBody& body) : variable_(variable), body_(body) {}

  /// At least how many characters each iteration writes; nothing where the stream may be used in another way.
  std::optional<std::uint64_t> least_written_always() const;

private:
  std::optional<std::uint64_t> written_by(const clang::DeclRefExpr& use) const;
  bool is_plain_call(const clang::MemberExpr& member) const;

  const clang::VarDecl& variable_;
  const FunctionBody& body_;
};

bool Stream::is_plain_call(const clang::MemberExpr& member) const {
  static const llvm::StringSet<> plain = {"str", "view", "good", "fail", "bad", "tellp", "put", "write", "flush"};
  const auto* call = llvm::dyn_cast_or_null<clang::CXXMemberCallExpr>(body_.parent(member));
  const clang::NamedDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  return method != nullptr && method->getIdentifier() != nullptr && plain.contains(method->getName());
}

std::optional<std::uint64_t> Stream::written_by(const clang::DeclRefExpr& use) const {
  std::uint64_t least = 0;
  const clang::Expr* stream = &use;
  while (true) {
    const clang::Stmt* outer = body_.parent(*stream);
    if (outer == nullptr) return std::nullopt;
    if (llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::ExprWithCleanups>(outer)) {
      stream = llvm::cast<clang::Expr>(outer);
      continue;
    }
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(outer))
      return is_plain_call(*member) ? std::optional(least) : std::nullopt;
    const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(outer);
    if (call == nullptr) {
      const bool done = stream != &use && !llvm::isa<clang::Expr, clang::DeclStmt, clang::ReturnStmt>(outer);
      const bool always = outer == body_.parent(*body_.declaration(variable_));
      return done ? std::optional(always ? least : 0) : std::nullopt;
    }
    const clang::FunctionDecl* callee = call->getDirectCallee();
    if (call->getOperator() != clang::OO_LessLess || callee == nullptr || !is_of_std(*callee) ||
        call->getNumArgs() != 2 || call->getArg(0)->IgnoreParenImpCasts() != stream->IgnoreParenImpCasts())
      return std::nullopt;
    const auto written = least_written(*call->getArg(1));
    if (!written) return std::nullopt;
    least += *written;
    stream = call;
  }
}

std::optional<std::uint64_t> Stream::least_written_always() const {
  std::uint64_t least = 0;
  for (const clang::DeclRefExpr* use : body_.uses_of(variable_)) {
    const auto written = use->refersToEnclosingVariableOrCapture() ? std::nullopt : written_by(*use);
    if (!written) return std::nullopt;
    least += *written;
  }
  return least;
}

bool is_new_stream(const clang::VarDecl& variable) {
  const clang::QualType type = variable.getType();
  if (!as_standard(type, "basic_ostringstream") && !as_standard(type, "basic_stringstream")) return false;
  const auto* made = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(variable.getInit());
  if (made == nullptr) return false;
  return llvm::all_of(made->arguments(),
                      [](const clang::Expr* argument) { return llvm::isa<clang::CXXDefaultArgExpr>(argument); });
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the statements
bool may_continue(const clang::Stmt& statement) {
  return llvm::isa<clang::ContinueStmt>(statement) || llvm::any_of(statement.children(), [](const clang::Stmt* child) {
           return child != nullptr && may_continue(*child);
         });
}

/// Whether each iteration makes it. What an `if` or an earlier `continue` keeps some from making is as a rule the
/// message of an error, which ends the loop.
bool is_always_made(const clang::DeclStmt& declaration, const clang::Stmt& loop, const FunctionBody& body) {
  const clang::Stmt* inner = &declaration;
  for (const clang::Stmt* outer = body.parent(*inner); outer != &loop; outer = body.parent(*inner)) {
    if (!llvm::isa_and_nonnull<clang::CompoundStmt, clang::CXXTryStmt>(outer)) return false;
    for (const clang::Stmt* earlier : outer->children()) {
      if (earlier == inner) break;
      if (earlier != nullptr && may_continue(*earlier)) return false;
    }
    inner = outer;
  }
  return true;
}

}  // namespace

void add_string_streams(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                        std::vector<AllocationFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  if (functions.replaces_new()) return;
  for (const clang::VarDecl* variable : body.locals()) {
    if (variable->getLocation().isMacroID() || !is_new_stream(*variable)) continue;
    const clang::Stmt* loop = body.loop_around(*body.declaration(*variable));
    if (loop == nullptr || !is_always_made(*body.declaration(*variable), *loop, body)) continue;
    const auto least = Stream(*variable, body).least_written_always();
    if (!least || *least <= small_string_bytes(functions.context())) continue;
    facts.push_back(growth_in_loop(AllocationForm::string_stream, Reach::confined, *variable, variable->getLocation(),
                                   *loop, body, functions, places));
  }
}

}  // namespace wml::extract
