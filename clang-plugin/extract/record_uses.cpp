#include "extract/record_uses.h"

#include "clang/AST/ExprCXX.h"
#include "extract/array_elements.h"
#include "extract/memory_functions.h"

// Uses that tie a record to its layout, beside those of its bytes (byte_uses.cpp, size_uses.cpp) and what crosses the
// border of the module (borders.cpp).

namespace wml::extract {
namespace {

/// The field of &r.field, or of a variable that was made from that.
const clang::FieldDecl* addressed_field(const clang::Expr& expression) {
  const clang::Expr* at = expression.IgnoreParenCasts();
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(at)) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(name->getDecl());
    const bool is_pointer = variable != nullptr && variable->getType()->isPointerType();
    if (is_pointer && variable->getInit() != nullptr) at = variable->getInit()->IgnoreParenCasts();
  }
  const auto* address = llvm::dyn_cast<clang::UnaryOperator>(at);
  if (address == nullptr || address->getOpcode() != clang::UO_AddrOf) return nullptr;
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(address->getSubExpr()->IgnoreParens());
  return member == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
}

/// Behind pointers, references and arrays.
clang::QualType innermost(clang::QualType type) {
  while (!type.isNull() && !type->isDependentType()) {
    clang::QualType inner = type->isReferenceType() ? type->getPointeeType() : pointee_of(type);
    if (inner.isNull()) break;
    if (type->isArrayType() && type.isVolatileQualified()) inner.addVolatile();  // of a typedef of an array
    type = inner;
  }
  return type;
}

class Uses {
public:
  Uses(clang::ASTContext& context, const Places& places, const KnownLayouts& layouts)
      : context_(context), places_(places), layouts_(layouts), records_(layouts.records()) {}

  void see(const clang::OffsetOfExpr& expression, bool in_assertion) {
    const HazardKind kind = in_assertion ? HazardKind::layout_asserted : HazardKind::offset_taken;
    for (unsigned i = 0; i < expression.getNumComponents(); ++i) {
      const clang::OffsetOfNode& node = expression.getComponent(i);
      if (node.getKind() != clang::OffsetOfNode::Field) continue;
      records_.add_hazard(records_.of(node.getField()->getParent()), kind, expression.getBeginLoc(),
                          node.getField()->getNameAsString());
    }
  }

  void see(const clang::UnaryOperator& expression) {
    if (expression.isIncrementDecrementOp()) add_arithmetic(addressed_field(*expression.getSubExpr()), expression);
    if (expression.getOpcode() != clang::UO_AddrOf) return;
    // &((T*)0)->field: offsetof as it was written before there was one.
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression.getSubExpr()->IgnoreParens())) {
      const auto* field = llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
      const auto* zero = llvm::dyn_cast<clang::IntegerLiteral>(member->getBase()->IgnoreParenCasts());
      if (field != nullptr && zero != nullptr)
        records_.add_hazard(records_.of(field->getParent()), HazardKind::offset_taken, expression.getBeginLoc(),
                            field->getNameAsString());
    }
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression.getSubExpr()->IgnoreParens());
    const auto* field = name == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(name->getDecl());
    if (field != nullptr)
      records_.add_hazard(records_.of(field->getParent()), HazardKind::member_pointer, expression.getBeginLoc(),
                          field->getNameAsString());
  }

  void see(const clang::VarDecl& variable) {
    add_volatile(variable.getType(), variable);
    if (const auto* declaration = llvm::dyn_cast<clang::DecompositionDecl>(&variable)) see(*declaration);
  }

  void see(const clang::DecompositionDecl& declaration) {
    for (const clang::BindingDecl* binding : declaration.bindings()) {
      if (binding->getHoldingVar() != nullptr) return;  // by std::tuple_size, not by fields
    }
    records_.add_hazard(records_.of(declaration.getType().getNonReferenceType()), HazardKind::structured_binding,
                        declaration.getLocation());
  }

  void see(const clang::FunctionDecl& function) { add_volatile(function.getReturnType(), function); }

  void see(const clang::CastExpr& cast) {
    if (is_volatile(cast.getType()))
      layouts_.add_hazard(innermost(cast.getType()), HazardKind::volatile_member, cast.getBeginLoc());
  }

  void see(const clang::ArraySubscriptExpr& subscript) {
    if (!is_zero(*subscript.getIdx())) add_arithmetic(addressed_field(*subscript.getBase()), subscript);
  }

  void see(const clang::BinaryOperator& operation) {
    const clang::FieldDecl* left = addressed_field(*operation.getLHS());
    const clang::FieldDecl* right = addressed_field(*operation.getRHS());
    const bool is_order = operation.isRelationalOp() && left != nullptr && right != nullptr;
    const bool is_sum = operation.isAdditiveOp() || operation.getOpcode() == clang::BO_AddAssign ||
                        operation.getOpcode() == clang::BO_SubAssign;
    if ((!is_order && !is_sum) || left == right) return;
    add_arithmetic(left, operation);
    add_arithmetic(right, operation);
  }

  void see(const clang::FieldDecl& field) {
    add_volatile(field.getType(), field);
    if (!places_.is_users(field.getLocation())) return;
    if (field.getParent()->isUnion()) layouts_.add_hazard(field.getType(), HazardKind::union_type, field.getLocation());
  }

  void see(const BaseNode& node) {
    records_.add_hazard(records_.of(node.base->getType()), HazardKind::has_derived, node.record->getLocation(),
                        node.record->getNameAsString());
  }

private:
  /// Of an object of the record, of a pointer to one, of a function's result.
  void add_volatile(clang::QualType type, const clang::NamedDecl& declaration) {
    if (is_volatile(type))
      layouts_.add_hazard(innermost(type), HazardKind::volatile_member, declaration.getLocation(),
                          declaration.getNameAsString());
  }

  bool is_volatile(clang::QualType type) {
    const auto [known, is_new] = volatile_.try_emplace(type.getAsOpaquePtr(), false);
    if (is_new) {
      const clang::QualType inner = innermost(type);
      known->second = !inner.isNull() && inner.isVolatileQualified();
    }
    return known->second;
  }

  /// From the address of one field to that of another one.
  void add_arithmetic(const clang::FieldDecl* field, const clang::Expr& where) const {
    if (field == nullptr) return;
    layouts_.add_hazard(context_.getCanonicalTagType(field->getParent()), HazardKind::field_arithmetic,
                        where.getBeginLoc(), field->getNameAsString());
  }

  bool is_zero(const clang::Expr& expression) const { return constant_of(expression, context_) == std::uint64_t{0}; }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownLayouts& layouts_;
  const KnownRecords& records_;
  llvm::DenseMap<const void*, bool> volatile_;  // by type
};

}  // namespace

void add_record_uses(clang::ASTContext& context, const Places& places, const UnitNodes& nodes,
                     const KnownLayouts& layouts) {
  Uses uses(context, places, layouts);
  for (const BaseNode& node : nodes.bases) uses.see(node);
  for (const clang::FieldDecl* field : nodes.fields) uses.see(*field);
  for (const clang::FunctionDecl* function : nodes.functions) uses.see(*function);
  for (const clang::VarDecl* variable : nodes.variables) uses.see(*variable);
  for (const auto& [offset, in_assertion] : nodes.offsets) uses.see(*offset, in_assertion);
  for (const clang::UnaryOperator* operation : nodes.unary_operators) uses.see(*operation);
  for (const clang::BinaryOperator* operation : nodes.binary_operators) uses.see(*operation);
  for (const clang::ArraySubscriptExpr* subscript : nodes.subscripts) uses.see(*subscript);
  for (const clang::CastExpr* cast : nodes.casts) uses.see(*cast);
}

}  // namespace wml::extract
