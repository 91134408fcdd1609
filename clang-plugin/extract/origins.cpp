#include "extract/origins.h"

#include "llvm/ADT/STLExtras.h"

namespace wml::extract {
namespace {

std::optional<Origin> behind_pointer(const clang::Expr& pointer) {
  std::optional<Origin> origin = origin_of(pointer);
  if (origin) origin->own = false;
  return origin;
}

bool owns_its_elements(clang::QualType type) {
  static constexpr llvm::StringRef kOwning[] = {"vector", "basic_string", "array",         "deque",   "list",
                                                "map",    "set",          "unordered_map", "optional"};
  return llvm::any_of(kOwning, [&](llvm::StringRef name) { return is_standard(type, name); });
}

std::optional<Origin> origin_of_variable(const clang::DeclRefExpr& name) {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(name.getDecl());
  if (variable == nullptr || name.refersToEnclosingVariableOrCapture()) return std::nullopt;
  // The hidden reference of a range-based for.
  if (variable->isImplicit() && variable->getInit() != nullptr) return origin_of(*variable->getInit());
  return Origin{variable, variable->hasLocalStorage() && !variable->getType()->isReferenceType()};
}

/// A reference that a function hands out: to a part of its object, as far as can be told.
std::optional<Origin> origin_of_method(const clang::CXXMemberCallExpr& call) {
  const clang::CXXMethodDecl* method = call.getMethodDecl();
  if (method == nullptr || (!method->isConst() && !reads_in_both_forms(*method))) return std::nullopt;
  if (!call.isLValue() && !call.getType()->isPointerType()) return std::nullopt;
  const clang::Expr& object = *call.getImplicitObjectArgument();
  if (object.getType()->isPointerType()) return behind_pointer(object);
  std::optional<Origin> origin = origin_of(object);
  if (origin) origin->own &= reads_in_both_forms(*method) && owns_its_elements(object.getType());
  return origin;
}

std::optional<Origin> origin_of_operator(const clang::CXXOperatorCallExpr& call) {
  const clang::OverloadedOperatorKind kind = call.getOperator();
  if (call.getNumArgs() == 0 || (kind != clang::OO_Subscript && kind != clang::OO_Star && kind != clang::OO_Arrow) ||
      (!call.isLValue() && !call.getType()->isPointerType()))
    return std::nullopt;
  const clang::CXXRecordDecl* record = call.getArg(0)->getType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->isInStdNamespace()) return std::nullopt;
  std::optional<Origin> origin = origin_of(*call.getArg(0));
  if (origin) origin->own &= owns_its_elements(call.getArg(0)->getType());
  return origin;
}

}  // namespace

std::optional<Origin> origin_of(const clang::Expr& expression) {
  const clang::Expr* at = expression.IgnoreParenImpCasts();
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(at)) return origin_of_variable(*name);
  if (llvm::isa<clang::CXXThisExpr>(at)) return Origin{nullptr, false};
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(at)) {
    if (const auto* global = llvm::dyn_cast<clang::VarDecl>(member->getMemberDecl())) return Origin{global, false};
    if (!llvm::isa<clang::FieldDecl>(member->getMemberDecl())) return std::nullopt;
    const bool behind = member->isArrow() || member->getMemberDecl()->getType()->isReferenceType();
    return behind ? behind_pointer(*member->getBase()) : origin_of(*member->getBase());
  }
  if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(at)) {
    const bool array = subscript->getBase()->IgnoreParenImpCasts()->getType()->isArrayType();
    return array ? origin_of(*subscript->getBase()) : behind_pointer(*subscript->getBase());
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(at)) {
    if (unary->getOpcode() == clang::UO_AddrOf) return origin_of(*unary->getSubExpr());
    return unary->getOpcode() == clang::UO_Deref ? behind_pointer(*unary->getSubExpr()) : std::nullopt;
  }
  if (const auto* sum = llvm::dyn_cast<clang::BinaryOperator>(at))
    return sum->isAdditiveOp() && sum->getLHS()->getType()->isPointerType() ? origin_of(*sum->getLHS()) : std::nullopt;
  if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(at)) return origin_of_method(*call);
  if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(at)) return origin_of_operator(*call);
  return std::nullopt;
}

bool reads_in_both_forms(const clang::CXXMethodDecl& method) {
  const clang::CXXRecordDecl* record = method.getParent();
  if (!record->isInStdNamespace() || record->getIdentifier() == nullptr) return false;
  // operator[] of a map inserts.
  if (method.getOverloadedOperator() == clang::OO_Subscript) return !record->getName().contains("map");
  if (method.getIdentifier() == nullptr) return method.getOverloadedOperator() == clang::OO_Star;
  static constexpr llvm::StringRef kBoth[] = {"at", "front", "back", "data", "value"};
  return llvm::is_contained(kBoth, method.getName());
}

bool is_standard(clang::QualType type, llvm::StringRef name) {
  const clang::CXXRecordDecl* record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
         record->getName() == name;
}

}  // namespace wml::extract
