#include "extract/only_read.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/origins.h"

namespace wml::extract {
namespace {

class Reader {
public:
  explicit Reader(const FunctionBody& body) : body_(body) {}

  /// `node` is the object or a part of it, as an lvalue.
  ReadUse object(const clang::Expr& node, bool is_part) const {
    const clang::Stmt* outer = body_.parent(node);
    const auto* expression = llvm::dyn_cast_or_null<clang::Expr>(outer);
    if (expression == nullptr) return is_part ? ReadUse::no : walked(outer);
    if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(expression)) {
      if (cast->getCastKind() == clang::CK_LValueToRValue) return is_part ? ReadUse::by_parts : ReadUse::no;
      if (cast->getCastKind() == clang::CK_NoOp || cast->getCastKind() == clang::CK_UncheckedDerivedToBase)
        return object(*cast, is_part);
      return ReadUse::no;
    }
    if (llvm::isa<clang::ParenExpr>(expression)) return object(*expression, is_part);
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) return of_member(*member);
    if (const auto* subscript = llvm::dyn_cast<clang::CXXOperatorCallExpr>(expression);
        subscript != nullptr && subscript->getOperator() == clang::OO_Subscript && subscript->getArg(0) == &node)
      return subscript->isGLValue() ? object(*subscript, true) : ReadUse::by_parts;
    return as_argument(*expression, node, is_part);
  }

private:
  ReadUse as_argument(const clang::Expr& call, const clang::Expr& node, bool is_part) const {
    if (!node.getType().isConstQualified() || !node.isLValue()) return ReadUse::no;
    const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&call);
    if (!llvm::isa<clang::CallExpr>(call) && construction == nullptr) return ReadUse::no;
    // What is copied into the result could have been moved there, or made there at once.
    if (construction != nullptr && construction->getConstructor()->isCopyConstructor()) return ReadUse::no;
    const clang::FunctionDecl* callee = callee_of(call);
    // A result that refers to the argument may live longer than what is argued about here.
    if (construction == nullptr && (call.isGLValue() || call.getType()->isAnyPointerType()) &&
        (callee == nullptr || !callee->getReturnType()->isReferenceType() || !is_stream(call.getType())))
      return ReadUse::no;
    return is_part ? ReadUse::by_parts : ReadUse::as_whole;
  }

  static bool is_stream(clang::QualType type) {
    const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
    return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
           record->getName().contains("stream");
  }

  ReadUse of_member(const clang::MemberExpr& member) const {
    if (llvm::isa<clang::FieldDecl>(member.getMemberDecl())) return object(member, true);
    const auto* call = llvm::dyn_cast_or_null<clang::CXXMemberCallExpr>(body_.parent(member));
    const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
    if (method == nullptr) return ReadUse::no;
    if (call->isGLValue()) return reads_as_const(*method) ? object(*call, true) : ReadUse::no;
    if (method->getReturnType()->isAnyPointerType() || returns_view(*call)) return pointer(*call);
    return reads_as_const(*method) ? ReadUse::by_parts : ReadUse::no;
  }

  static bool reads_as_const(const clang::CXXMethodDecl& method) {
    return method.isConst() || reads_in_both_forms(method);
  }

  /// Iterators and views.
  static bool returns_view(const clang::CXXMemberCallExpr& call) {
    const clang::CXXRecordDecl* record = call.getType()->getAsCXXRecordDecl();
    return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
           (record->getName().contains("iter") || record->getName().contains("view") || record->getName() == "span");
  }

  /// A pointer or iterator into it may be an argument, or be read through at once; nothing may keep it.
  ReadUse pointer(const clang::Expr& node) const {
    const clang::QualType target = node.getType()->getPointeeType();
    if (!target.isNull() && !target.isConstQualified()) return ReadUse::no;
    const clang::Stmt* outer = body_.parent(node);
    while (outer != nullptr &&
           llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::MaterializeTemporaryExpr>(outer))
      outer = body_.parent(*outer);
    const auto* call = llvm::dyn_cast_or_null<clang::CallExpr>(outer);
    if (call == nullptr) return ReadUse::no;
    const bool keeps_nothing =
        call->getType()->isArithmeticType() || (call->getType()->isVoidType() && !target.isNull());
    return keeps_nothing ? ReadUse::by_parts : ReadUse::no;
  }

  ReadUse walked(const clang::Stmt* outer) const {
    const auto* declaration = llvm::dyn_cast_or_null<clang::DeclStmt>(outer);
    const auto* loop =
        declaration == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::CXXForRangeStmt>(body_.parent(*declaration));
    if (loop == nullptr || loop->getRangeStmt() != declaration) return ReadUse::no;
    const clang::QualType element = loop->getLoopVariable()->getType();
    return !element->isReferenceType() || element.getNonReferenceType().isConstQualified() ? ReadUse::by_parts
                                                                                           : ReadUse::no;
  }

  const FunctionBody& body_;
};

}  // namespace

ReadUse read_use(const clang::DeclRefExpr& use, const FunctionBody& body) { return Reader(body).object(use, false); }

ReadUse read_use(const clang::VarDecl& variable, const FunctionBody& body) {
  bool whole = false;
  for (const clang::DeclRefExpr* use : body.uses_of(variable)) {
    if (use->refersToEnclosingVariableOrCapture()) return ReadUse::no;
    const ReadUse one = read_use(*use, body);
    if (one == ReadUse::no) return ReadUse::no;
    whole |= one == ReadUse::as_whole;
  }
  if (body.uses_of(variable).empty()) return ReadUse::no;
  return whole ? ReadUse::as_whole : ReadUse::by_parts;
}

const clang::Expr& without_wrapping(const clang::Expr& expression) {
  const clang::Expr* inner = expression.IgnoreParenImpCasts();
  while (true) {
    if (const auto* full = llvm::dyn_cast<clang::FullExpr>(inner)) {
      inner = full->getSubExpr()->IgnoreParenImpCasts();
    } else if (const auto* bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(inner)) {
      inner = bound->getSubExpr()->IgnoreParenImpCasts();
    } else if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner)) {
      inner = temporary->getSubExpr()->IgnoreParenImpCasts();
    } else {
      return *inner;
    }
  }
}

const clang::Expr* copied_lvalue(const clang::Expr& expression) {
  const auto* copy = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(expression));
  if (copy == nullptr || copy->getNumArgs() == 0 || !copy->getConstructor()->isCopyConstructor()) return nullptr;
  const clang::Expr* source = copy->getArg(0);
  // Before C++17 a temporary is copied too, in name.
  return !copy->isElidable() && source->IgnoreParenImpCasts()->isLValue() ? source : nullptr;
}

}  // namespace wml::extract
