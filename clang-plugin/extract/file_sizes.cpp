#include "extract/file_sizes.h"

#include <algorithm>

#include "extract/only_read.h"
#include "extract/origins.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

constexpr int kMostVariables = 4;

llvm::StringRef name_of(const clang::NamedDecl* named) {
  return named == nullptr || named->getIdentifier() == nullptr ? llvm::StringRef() : named->getName();
}

llvm::StringRef name_of_callee(const clang::Expr& call) {
  const auto* plain = llvm::dyn_cast<clang::CallExpr>(&call);
  return plain == nullptr ? llvm::StringRef() : name_of(plain->getDirectCallee());
}

class FileSize {
public:
  FileSize(const FunctionBody& body, const clang::ASTContext& context) : body_(body), context_(context) {}

  bool is(const clang::Expr& expression, int depth) const;

private:
  bool is_call(const clang::CallExpr& call, int depth) const;
  bool is_variable(const clang::VarDecl& variable, int depth) const;
  bool is_capped(const clang::Expr& size) const;
  bool is_status(const clang::MemberExpr& member) const;
  bool goes_to_the_end() const;

  /// `whence` of lseek and fseek.
  bool is_end(const clang::Expr& whence) const { return constant_value(whence, context_) == std::uint64_t{2}; }

  const FunctionBody& body_;
  const clang::ASTContext& context_;
};

/// Whether a stream is opened at its end: `std::ios::ate`, or `std::ios::end` for seekg.
bool names_flag(const clang::Stmt& node, llvm::StringRef flag) {
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&node)) return name_of(name->getDecl()) == flag;
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&node)) return name_of(member->getMemberDecl()) == flag;
  return std::ranges::any_of(node.children(),
                             [&](const clang::Stmt* child) { return child != nullptr && names_flag(*child, flag); });
}

/// Whether the function goes to the end of a file somewhere, so that a position is a size.
bool FileSize::goes_to_the_end() const {
  return std::ranges::any_of(body_.calls(), [&](const clang::Expr* call) {
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(call))
      return made->getNumArgs() > 1 && names_flag(*made->getArg(1), "ate");
    const auto* plain = llvm::dyn_cast<clang::CallExpr>(call);
    const llvm::StringRef name = name_of_callee(*call);
    if (plain == nullptr || plain->getNumArgs() < 2) return false;
    if (name == "fseek" || name == "fseeko") return plain->getNumArgs() == 3 && is_end(*plain->getArg(2));
    return (name == "seekg" && names_flag(*plain->getArg(1), "end")) ||
           (name == "open" && names_flag(*plain->getArg(1), "ate"));
  });
}

bool FileSize::is_call(const clang::CallExpr& call, int depth) const {
  // std::streampos becomes a number by its own conversion.
  if (const auto* method = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
      method != nullptr && llvm::isa_and_nonnull<clang::CXXConversionDecl>(method->getMethodDecl()))
    return is_standard(method->getImplicitObjectArgument()->getType(), "fpos") &&
           is(*method->getImplicitObjectArgument(), depth);
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call))
    return operation->getOperator() == clang::OO_Minus && operation->getNumArgs() == 2 &&
           is_standard(operation->getArg(0)->getType(), "fpos") && is(*operation->getArg(0), depth);
  const llvm::StringRef name = name_of_callee(call);
  if (name == "file_size") return true;
  if (name == "lseek") return call.getNumArgs() == 3 && is_end(*call.getArg(2));
  return (name == "tellg" || name == "ftell" || name == "ftello") && goes_to_the_end();
}

/// Whether a size is compared with something, so that only files of some sizes are read. Zero and -1 stand for an empty
/// file and for an error, what was read is compared with what was asked for, and a loop counts up to it.
bool FileSize::is_capped(const clang::Expr& size) const {
  static const llvm::StringSet<> reads = {"fread", "read", "gcount"};
  const clang::Stmt* inner = &size;
  const clang::Stmt* outer = body_.parent(size);
  // Through the conversion of std::streampos, too.
  while (outer != nullptr &&
         llvm::isa<clang::CastExpr, clang::ParenExpr, clang::MemberExpr, clang::CXXMemberCallExpr>(outer)) {
    inner = outer;
    outer = body_.parent(*outer);
  }
  const auto* comparison = llvm::dyn_cast_or_null<clang::BinaryOperator>(outer);
  if (comparison == nullptr || !comparison->isRelationalOp()) return false;
  const clang::Stmt* around = body_.parent(*comparison);
  if (around != nullptr && llvm::isa<clang::ForStmt, clang::WhileStmt>(around)) return false;
  const clang::Expr& limit =
      *(comparison->getLHS() == inner ? comparison->getRHS() : comparison->getLHS())->IgnoreParenImpCasts();
  const auto* minus = llvm::dyn_cast<clang::UnaryOperator>(&limit);
  return constant_value(limit, context_) != std::uint64_t{0} &&
         (minus == nullptr || minus->getOpcode() != clang::UO_Minus) && !reads.contains(name_of_callee(limit));
}

/// `status.st_size`, of which the function does not compare any with a limit.
bool FileSize::is_status(const clang::MemberExpr& member) const {
  if (name_of(member.getMemberDecl()) != "st_size") return false;
  const auto* base = llvm::dyn_cast<clang::DeclRefExpr>(member.getBase()->IgnoreParenImpCasts());
  const auto* status = base == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(base->getDecl());
  return status != nullptr && std::ranges::none_of(body_.uses_of(*status), [&](const clang::DeclRefExpr* use) {
           const clang::Stmt* outer = body_.parent(*use);
           while (outer != nullptr && llvm::isa<clang::ImplicitCastExpr>(outer)) outer = body_.parent(*outer);
           const auto* part = llvm::dyn_cast_or_null<clang::MemberExpr>(outer);
           return part != nullptr && is_capped(*part);
         });
}

bool FileSize::is_variable(const clang::VarDecl& variable, int depth) const {
  if (!variable.hasLocalStorage() || llvm::isa<clang::ParmVarDecl>(variable) ||
      (!variable.getType()->isIntegerType() && !is_standard(variable.getType(), "fpos")))
    return false;
  const clang::Expr* given = nullptr;
  for (const clang::DeclRefExpr* use : body_.uses_of(variable)) {
    if (is_capped(*use)) return false;
    const clang::Stmt* outer = body_.parent(*use);
    const auto* assignment = llvm::dyn_cast_or_null<clang::BinaryOperator>(outer);
    if (assignment != nullptr && assignment->getOpcode() == clang::BO_Assign && assignment->getLHS() == use) {
      if (given != nullptr) return false;
      given = assignment->getRHS();
      continue;
    }
    const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(outer);
    const bool reads =
        value != nullptr && (value->getCastKind() == clang::CK_LValueToRValue || value->getType().isConstQualified());
    if (!reads && read_use(*use, body_) == ReadUse::no) return false;
  }
  if (given == nullptr) given = variable.getInit();
  return given != nullptr && is(*given, depth + 1);
}

bool FileSize::is(const clang::Expr& expression, int depth) const {
  if (depth > kMostVariables) return false;
  const clang::Expr& bare = *without_wrapping(expression).IgnoreParenCasts();
  if (&bare != &expression) return is(bare, depth);
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&bare)) return is_call(*call, depth);
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&bare))
    return made->getNumArgs() > 0 && is_standard(made->getType(), "fpos") && is(*made->getArg(0), depth);
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&bare)) return is_status(*member);
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&bare)) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(name->getDecl());
    return variable != nullptr && is_variable(*variable, depth);
  }
  const auto* two = llvm::dyn_cast<clang::BinaryOperator>(&bare);
  if (two == nullptr) return false;
  const bool room = two->getOpcode() == clang::BO_Add && constant_value(*two->getRHS(), context_);
  const bool elements = two->getOpcode() == clang::BO_Div &&
                        llvm::isa<clang::UnaryExprOrTypeTraitExpr>(two->getRHS()->IgnoreParenImpCasts());
  return (room || elements || two->getOpcode() == clang::BO_Sub) && is(*two->getLHS(), depth);
}

}  // namespace

bool is_file_size(const clang::Expr& expression, const FunctionBody& body, const clang::ASTContext& context) {
  return FileSize(body, context).is(expression, 0);
}

}  // namespace wml::extract
