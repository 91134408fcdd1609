#include "extract/filled_from_file.h"

#include <algorithm>

#include "extract/allocations.h"
#include "extract/file_sizes.h"
#include "extract/heap_types.h"
#include "extract/library_functions.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

/// The variable that a pointer to the start of memory comes from: `bytes`, `bytes.data()`, `bytes.get()`, `&bytes[0]`.
const clang::DeclRefExpr* start_of(const clang::Expr& pointer, const clang::ASTContext& context) {
  const clang::Expr* at = pointer.IgnoreParenCasts();
  if (const auto* address = llvm::dyn_cast<clang::UnaryOperator>(at);
      address != nullptr && address->getOpcode() == clang::UO_AddrOf) {
    const clang::Expr* first = address->getSubExpr()->IgnoreParenCasts();
    const auto* element = llvm::dyn_cast<clang::CXXOperatorCallExpr>(first);
    if (const auto* plain = llvm::dyn_cast<clang::ArraySubscriptExpr>(first);
        plain != nullptr && constant_value(*plain->getIdx(), context) == std::uint64_t{0})
      at = plain->getBase()->IgnoreParenCasts();
    if (element != nullptr && element->getOperator() == clang::OO_Subscript &&
        constant_value(*element->getArg(1), context) == std::uint64_t{0})
      at = element->getArg(0)->IgnoreParenCasts();
    if (const auto* front = method_call(*first, "front")) at = front->getImplicitObjectArgument()->IgnoreParenCasts();
  }
  for (const llvm::StringRef name : {"data", "get"}) {
    if (const auto* call = method_call(*at, name)) at = call->getImplicitObjectArgument()->IgnoreParenCasts();
  }
  return llvm::dyn_cast<clang::DeclRefExpr>(at);
}

/// `file.read(bytes.data(), size)`, `fread(bytes, 1, size, file)` or `read(file, bytes, size)`: where to, and how much.
struct FileRead {
  const clang::Expr* to = nullptr;
  std::vector<const clang::Expr*> lengths;  ///< whose product it is
};
std::optional<FileRead> file_read(const clang::Stmt& node) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(&node);
  const clang::FunctionDecl* callee = call == nullptr ? nullptr : call->getDirectCallee();
  if (callee == nullptr || callee->getIdentifier() == nullptr) return std::nullopt;
  const llvm::StringRef name = callee->getName();
  if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(callee)) {
    if (name != "read" || !method->getParent()->isInStdNamespace() || call->getNumArgs() != 2) return std::nullopt;
    return FileRead{call->getArg(0), {call->getArg(1)}};
  }
  if (name == "fread" && call->getNumArgs() == 4 && role_of_argument(*callee, 0) == ArgumentRole::outside)
    return FileRead{call->getArg(0), {call->getArg(1), call->getArg(2)}};
  if (name == "read" && call->getNumArgs() == 3 && role_of_argument(*callee, 1) == ArgumentRole::outside)
    return FileRead{call->getArg(1), {call->getArg(2)}};
  return std::nullopt;
}

/// Memory that is as large as a file.
class SizedByFile {
public:
  SizedByFile(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions)
      : variable_(variable), body_(body), functions_(functions), context_(functions.context()) {}

  /// The uses that are left where it is made that large, is filled once and perhaps freed.
  std::optional<Uses> uses_after_filling() const;

private:
  enum class Use { other, fills, fills_again_and_again, manages };
  Use kind_of(const clang::DeclRefExpr& use) const;
  bool is_made_so() const;
  bool is_resized_so(const clang::DeclRefExpr& use) const;
  bool is_size(const clang::Expr& length) const;
  bool is_tested(const clang::DeclRefExpr& use) const;
  bool is_compared_size(const clang::DeclRefExpr& use) const;

  const clang::VarDecl& variable_;
  const FunctionBody& body_;
  const Functions& functions_;
  const clang::ASTContext& context_;
};

bool SizedByFile::is_made_so() const {
  const clang::Expr& made = *variable_.getInit();
  if (is_string(variable_.getType()) || is_vector(variable_.getType())) {
    const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(made));
    return construction != nullptr && construction->getNumArgs() > 0 &&
           construction->getArg(0)->getType()->isIntegerType() &&
           is_file_size(*construction->getArg(0), body_, context_);
  }
  const auto request = request_of(made, functions_);
  return request && request->count != nullptr && is_file_size(*request->count, body_, context_);
}

/// `std::string text; text.resize(size);`
bool SizedByFile::is_resized_so(const clang::DeclRefExpr& use) const {
  const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(variable_.getInit());
  const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(body_.parent(use));
  const auto* call = member == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::Expr>(body_.parent(*member));
  const auto* resize = call == nullptr ? nullptr : method_call(*call, "resize");
  return resize != nullptr && made != nullptr && made->getNumArgs() == 0 && body_.loop_around(*resize) == nullptr &&
         is_file_size(*resize->getArg(0), body_, context_);
}

/// All of a file, or all of the memory.
bool SizedByFile::is_size(const clang::Expr& length) const {
  const auto* size = method_call(length, "size");
  const auto* of = size == nullptr
                       ? nullptr
                       : llvm::dyn_cast<clang::DeclRefExpr>(size->getImplicitObjectArgument()->IgnoreParenImpCasts());
  return (of != nullptr && of->getDecl() == &variable_) || is_file_size(length, body_, context_);
}

/// `if (bytes == NULL)`, `if (!bytes)`
bool SizedByFile::is_tested(const clang::DeclRefExpr& use) const {
  const clang::Stmt* outer = outside_of(use, body_);
  if (const auto* same = llvm::dyn_cast_or_null<clang::BinaryOperator>(outer)) return same->isEqualityOp();
  const auto* negation = llvm::dyn_cast_or_null<clang::UnaryOperator>(outer);
  return (negation != nullptr && negation->getOpcode() == clang::UO_LNot) ||
         llvm::isa_and_nonnull<clang::IfStmt>(outer);
}

/// `fread(bytes.data(), 1, bytes.size(), file) != bytes.size()`
bool SizedByFile::is_compared_size(const clang::DeclRefExpr& use) const {
  const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(outside_of(use, body_));
  const auto* call = member == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::Expr>(body_.parent(*member));
  if (call == nullptr || method_call(*call, "size") == nullptr) return false;
  const auto* same = llvm::dyn_cast_or_null<clang::BinaryOperator>(outside_of(*call, body_));
  return same != nullptr && same->isEqualityOp() &&
         (file_read(*same->getLHS()->IgnoreParenCasts()) || file_read(*same->getRHS()->IgnoreParenCasts()));
}

SizedByFile::Use SizedByFile::kind_of(const clang::DeclRefExpr& use) const {
  for (const clang::Stmt* outer = body_.parent(use); outer != nullptr && !llvm::isa<clang::CompoundStmt>(outer);
       outer = body_.parent(*outer)) {
    if (llvm::isa<clang::CXXDeleteExpr>(outer)) return Use::manages;
    const auto* call = llvm::dyn_cast<clang::CallExpr>(outer);
    if (call != nullptr && callee_of(*call) != nullptr && is_release(*callee_of(*call))) return Use::manages;
    const auto read = file_read(*outer);
    if (!read) continue;
    if (start_of(*read->to, context_) != &use) {
      const bool length =
          std::ranges::any_of(read->lengths, [&](const clang::Expr* one) { return body_.is_inside(use, *one); });
      return length ? Use::manages : Use::other;
    }
    if (std::ranges::none_of(read->lengths, [&](const clang::Expr* one) { return is_size(*one); })) return Use::other;
    return body_.loop_around(*outer) == nullptr ? Use::fills : Use::fills_again_and_again;
  }
  if (variable_.getType()->isPointerType()) return is_tested(use) ? Use::manages : Use::other;
  return is_resized_so(use) || is_compared_size(use) ? Use::manages : Use::other;
}

std::optional<Uses> SizedByFile::uses_after_filling() const {
  bool sized = is_made_so();
  if (!sized && variable_.getType()->isPointerType()) return std::nullopt;  // nothing resizes a block
  unsigned filled = 0;
  Uses left;
  for (const clang::DeclRefExpr* use : body_.uses_of(variable_)) {
    switch (kind_of(*use)) {
      case Use::fills: ++filled; break;
      case Use::fills_again_and_again: return std::nullopt;
      case Use::manages: sized |= is_resized_so(*use); break;
      case Use::other: left.push_back(use);
    }
  }
  return sized && filled == 1 ? std::optional(left) : std::nullopt;
}

}  // namespace

std::optional<Uses> uses_after_filling(const clang::VarDecl& variable, const FunctionBody& body,
                                       const Functions& functions) {
  return SizedByFile(variable, body, functions).uses_after_filling();
}

const clang::Stmt* outside_of(const clang::Stmt& node, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(node);
  while (outer != nullptr && llvm::isa<clang::CastExpr, clang::ParenExpr>(outer)) outer = body.parent(*outer);
  return outer;
}

const clang::CXXMemberCallExpr* method_call(const clang::Expr& expression, llvm::StringRef name) {
  const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&without_wrapping(expression));
  const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  return method != nullptr && method->getIdentifier() != nullptr && method->getName() == name ? call : nullptr;
}

}  // namespace wml::extract
