#include "extract/record_uses.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "extract/array_elements.h"
#include "extract/memory_functions.h"
#include "extract/users_declarations.h"

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

class Uses : public clang::DynamicRecursiveASTVisitor {
public:
  Uses(clang::ASTContext& context, const Places& places, const KnownLayouts& layouts)
      : context_(context), places_(places), layouts_(layouts), records_(layouts.records()) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = false;
  }

  bool TraverseStaticAssertDecl(clang::StaticAssertDecl* assertion) override {
    ++in_assertion_;
    const bool going = clang::DynamicRecursiveASTVisitor::TraverseStaticAssertDecl(assertion);
    --in_assertion_;
    return going;
  }

  bool VisitOffsetOfExpr(clang::OffsetOfExpr* expression) override {
    const HazardKind kind = in_assertion_ > 0 ? HazardKind::layout_asserted : HazardKind::offset_taken;
    for (unsigned i = 0; i < expression->getNumComponents(); ++i) {
      const clang::OffsetOfNode& node = expression->getComponent(i);
      if (node.getKind() != clang::OffsetOfNode::Field) continue;
      records_.add_hazard(records_.of(node.getField()->getParent()), kind, expression->getBeginLoc(),
                          node.getField()->getNameAsString());
    }
    return true;
  }

  bool VisitUnaryOperator(clang::UnaryOperator* expression) override {
    if (expression->isIncrementDecrementOp()) add_arithmetic(addressed_field(*expression->getSubExpr()), *expression);
    if (expression->getOpcode() != clang::UO_AddrOf) return true;
    // &((T*)0)->field: offsetof as it was written before there was one.
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression->getSubExpr()->IgnoreParens())) {
      const auto* field = llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
      const auto* zero = llvm::dyn_cast<clang::IntegerLiteral>(member->getBase()->IgnoreParenCasts());
      if (field != nullptr && zero != nullptr)
        records_.add_hazard(records_.of(field->getParent()), HazardKind::offset_taken, expression->getBeginLoc(),
                            field->getNameAsString());
    }
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression->getSubExpr()->IgnoreParens());
    const auto* field = name == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(name->getDecl());
    if (field != nullptr)
      records_.add_hazard(records_.of(field->getParent()), HazardKind::member_pointer, expression->getBeginLoc(),
                          field->getNameAsString());
    return true;
  }

  /// What a generic lambda does with a record stands in the instances of its call operator, which no visitor enters.
  bool VisitLambdaExpr(clang::LambdaExpr* lambda) override {
    const clang::FunctionTemplateDecl* generic = lambda->getDependentCallOperator();
    if (generic == nullptr) return true;
    for (clang::FunctionDecl* instance : generic->specializations()) TraverseDecl(instance);
    return true;
  }

  bool VisitDecompositionDecl(clang::DecompositionDecl* declaration) override {
    for (const clang::BindingDecl* binding : declaration->bindings()) {
      if (binding->getHoldingVar() != nullptr) return true;  // by std::tuple_size, not by fields
    }
    records_.add_hazard(records_.of(declaration->getType().getNonReferenceType()), HazardKind::structured_binding,
                        declaration->getLocation());
    return true;
  }

  /// Of an object of the record, of a pointer to one, of a function's result.
  bool VisitDeclaratorDecl(clang::DeclaratorDecl* declarator) override {
    clang::QualType type = declarator->getType();
    if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(declarator)) type = function->getReturnType();
    add_volatile(type, declarator->getLocation(), declarator->getNameAsString());
    return true;
  }

  bool VisitCastExpr(clang::CastExpr* cast) override {
    add_volatile(cast->getType(), cast->getBeginLoc(), {});
    return true;
  }

  bool VisitArraySubscriptExpr(clang::ArraySubscriptExpr* subscript) override {
    if (!is_zero(*subscript->getIdx())) add_arithmetic(addressed_field(*subscript->getBase()), *subscript);
    return true;
  }

  bool VisitBinaryOperator(clang::BinaryOperator* operation) override {
    const clang::FieldDecl* left = addressed_field(*operation->getLHS());
    const clang::FieldDecl* right = addressed_field(*operation->getRHS());
    const bool is_order = operation->isRelationalOp() && left != nullptr && right != nullptr;
    const bool is_sum = operation->isAdditiveOp() || operation->getOpcode() == clang::BO_AddAssign ||
                        operation->getOpcode() == clang::BO_SubAssign;
    if ((!is_order && !is_sum) || left == right) return true;
    add_arithmetic(left, *operation);
    add_arithmetic(right, *operation);
    return true;
  }

  bool VisitFieldDecl(clang::FieldDecl* field) override {
    if (!places_.is_users(field->getLocation())) return true;
    if (field->getParent()->isUnion())
      layouts_.add_hazard(field->getType(), HazardKind::union_type, field->getLocation());
    return true;
  }

  bool VisitCXXRecordDecl(clang::CXXRecordDecl* record) override {
    if (!record->isThisDeclarationADefinition()) return true;
    for (const clang::CXXBaseSpecifier& base : record->bases())
      records_.add_hazard(records_.of(base.getType()), HazardKind::has_derived, record->getLocation(),
                          record->getNameAsString());
    return true;
  }

private:
  void add_volatile(clang::QualType type, clang::SourceLocation where, const std::string& what) const {
    const clang::QualType inner = innermost(type);
    if (!inner.isNull() && inner.isVolatileQualified())
      layouts_.add_hazard(inner, HazardKind::volatile_member, where, what);
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
  int in_assertion_ = 0;
};

}  // namespace

void add_record_uses(clang::ASTContext& context, const Places& places, const KnownLayouts& layouts) {
  Uses uses(context, places, layouts);
  for (clang::Decl* declaration : users_declarations(context, places)) uses.TraverseDecl(declaration);
}

}  // namespace wml::extract
