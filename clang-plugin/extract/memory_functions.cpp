#include "extract/memory_functions.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

bool is_clearing(llvm::StringRef name) {
  return name == "memset" || name == "bzero" || name == "explicit_bzero" || name == "memset_explicit";
}

bool is_copying(llvm::StringRef name) { return name == "memcpy" || name == "memmove" || name == "mempcpy"; }

}  // namespace

llvm::StringRef called_name(const clang::CallExpr& call) {
  const clang::NamedDecl* named = call.getDirectCallee();
  if (named == nullptr) {
    const clang::Expr* callee = call.getCallee()->IgnoreParenImpCasts();
    if (const auto* followed = llvm::dyn_cast<clang::UnaryOperator>(callee))
      callee = followed->getSubExpr()->IgnoreParenImpCasts();
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(callee)) named = member->getMemberDecl();
    if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(callee)) named = name->getDecl();
  }
  if (named == nullptr || named->getIdentifier() == nullptr) return {};
  llvm::StringRef name = named->getName();
  name.consume_front("__builtin_");
  return name;
}

bool moves_bytes(llvm::StringRef name) {
  static const llvm::StringSet<> names = {"memcpy", "memmove", "memcmp", "memchr",   "bcopy",  "bcmp",
                                          "fread",  "fwrite",  "read",   "write",    "pread",  "pwrite",
                                          "send",   "recv",    "sendto", "recvfrom", "memccpy"};
  return names.contains(name) || is_clearing(name) || is_copying(name);
}

bool takes_whole_objects(const clang::CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  if (callee != nullptr && (callee->hasAttr<clang::RestrictAttr>() || callee->hasAttr<clang::AllocSizeAttr>()))
    return true;
  if (callee != nullptr) {
    switch (callee->getOverloadedOperator()) {
      case clang::OO_New:
      case clang::OO_Array_New:
      case clang::OO_Delete:
      case clang::OO_Array_Delete: return true;
      default: break;
    }
  }
  const llvm::StringRef name = called_name(call);
  return name == "qsort" || name == "bsearch" || name == "operator_new" || name == "operator_delete" ||
         name.contains_insensitive("alloc") || name.contains_insensitive("free");
}

std::optional<MovedBytes> moved_bytes(const clang::CallExpr& call) {
  const llvm::StringRef name = called_name(call);
  const bool has_three = is_copying(name) || name.starts_with("memset");
  if ((!is_clearing(name) && !is_copying(name)) || call.getNumArgs() < (has_three ? 3 : 2)) return std::nullopt;
  MovedBytes moved{call.getArg(0), nullptr, nullptr, call.getArg(has_three ? 2 : 1)};
  if (has_three) (is_copying(name) ? moved.from : moved.value) = call.getArg(1);
  return moved;
}

std::optional<std::uint64_t> constant_of(const clang::Expr& expression, const clang::ASTContext& context) {
  clang::Expr::EvalResult result;
  if (expression.isValueDependent() || !expression.getType()->isIntegralOrEnumerationType()) return std::nullopt;
  if (!expression.EvaluateAsInt(result, context)) return std::nullopt;
  const llvm::APSInt& value = result.Val.getInt();
  return value.isNegative() || value.getActiveBits() > 63 ? std::nullopt : std::optional(value.getZExtValue());
}

}  // namespace wml::extract
