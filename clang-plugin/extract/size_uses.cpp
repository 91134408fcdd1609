#include "extract/size_uses.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "extract/memory_functions.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

// sizeof is harmless where only whole objects are counted: for allocators and qsort, in memset and memcpy of whole
// objects, sizeof a / sizeof a[0], and the bound of a multiplication, SIZE_MAX / sizeof(T). Anywhere else it may reach
// a function that is given a pointer to the object, too. A size is followed through local variables, and through
// parameters of functions whose body is seen: it is harmless there if each of their uses is.

namespace wml::extract {
namespace {

using Size = clang::UnaryExprOrTypeTraitExpr;

/// The sizes and variables in an expression that are not there to call another function with.
class Operands : public clang::DynamicRecursiveASTVisitor {
public:
  bool TraverseCallExpr(clang::CallExpr*) override { return true; }
  bool TraverseCXXMemberCallExpr(clang::CXXMemberCallExpr*) override { return true; }
  bool TraverseCXXOperatorCallExpr(clang::CXXOperatorCallExpr*) override { return true; }
  bool TraverseLambdaExpr(clang::LambdaExpr*) override { return true; }
  bool VisitUnaryExprOrTypeTraitExpr(Size* size) override {
    all.push_back(size);
    return true;
  }
  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    all.push_back(name);
    return true;
  }
  llvm::SmallVector<const clang::Expr*, 8> all;
};

const Size* size_in(const clang::Expr& expression) {
  const auto* size = llvm::dyn_cast<Size>(expression.IgnoreParenCasts());
  return size != nullptr && size->getKind() == clang::UETT_SizeOf ? size : nullptr;
}

/// A local variable or parameter that a number may pass through.
bool is_number(const clang::VarDecl& variable) {
  return variable.getType()->isIntegerType() && variable.isLocalVarDeclOrParm() && !variable.isStaticLocal();
}

const clang::VarDecl* number_in(const clang::Expr& expression) {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParens());
  const auto* variable = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  return variable != nullptr && is_number(*variable) ? variable : nullptr;
}

class SizeUses {
public:
  SizeUses(clang::ASTContext& context, const KnownLayouts& layouts) : context_(context), layouts_(layouts) {}

  void see(const clang::VarDecl& variable) {
    if (!is_number(variable)) return;
    Variable& seen = variables_[&variable];
    seen.is_seen = true;
    if (variable.getInit() == nullptr || llvm::isa<clang::ParmVarDecl>(variable)) return;
    seen.values.push_back(variable.getInit());
    add_flow(*variable.getInit(), &variable);
  }

  void see(const clang::BinaryOperator& operation) {
    if (operation.getOpcode() == clang::BO_Div || operation.getOpcode() == clang::BO_Rem) add_quotient(operation);
    const clang::VarDecl* variable = operation.isAssignmentOp() ? number_in(*operation.getLHS()) : nullptr;
    if (variable == nullptr) return;
    harmless_.insert(operation.getLHS()->IgnoreParens());
    add_flow(*operation.getRHS(), variable);
    variables_[variable].values.push_back(operation.isCompoundAssignmentOp() ? &operation : operation.getRHS());
  }

  void see(const clang::CallExpr& call) {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    const clang::FunctionDecl* definition = nullptr;
    if (moves_bytes(called_name(call))) {
      moves_.push_back(&call);
    } else if (takes_whole_objects(call)) {
      add_harmless(call);
    } else if (callee != nullptr && !llvm::isa<clang::CXXMethodDecl>(callee) && callee->hasBody(definition)) {
      for (unsigned i = 0; i < std::min(call.getNumArgs(), definition->getNumParams()); ++i) {
        if (definition->getParamDecl(i)->getType()->isIntegerType())
          add_flow(*call.getArg(i), definition->getParamDecl(i));
      }
    }
  }

  void see(const clang::CastExpr& cast) {
    if (cast.getCastKind() != clang::CK_LValueToRValue) return;
    if (number_in(*cast.getSubExpr()) != nullptr) reads_.insert(cast.getSubExpr()->IgnoreParens());
  }

  void see(const clang::DeclRefExpr& name) {
    if (const clang::VarDecl* variable = number_in(name)) variables_[variable].uses.push_back(&name);
  }

  void see(const Size& size, bool in_assertion) {
    if (in_assertion) {
      layouts_.add_hazard(size.getTypeOfArgument(), HazardKind::layout_asserted, size.getBeginLoc());
    } else if (size.getKind() == clang::UETT_SizeOf && layouts_.any_in(size.getTypeOfArgument())) {
      sizes_.push_back(&size);
    }
  }

  /// Once all is seen.
  WholeMoves finish() {
    WholeMoves whole;
    for (const clang::CallExpr* call : moves_) {
      if (!moves_whole_objects(*call)) continue;
      whole.insert(call);
      add_harmless(*call);
    }
    spread_harm();
    for (const Size* size : sizes_) {
      if (!is_harmless(*size))
        layouts_.add_hazard(size->getTypeOfArgument(), HazardKind::size_used, size->getBeginLoc());
    }
    return whole;
  }

private:
  struct Variable {
    bool is_seen = false;  ///< and with it, its function's body
    bool is_harmful = false;
    llvm::SmallVector<const clang::Expr*, 2> values;
    llvm::SmallVector<const clang::DeclRefExpr*, 4> uses;
  };

  void add_flow(const clang::Expr& value, const clang::VarDecl* to) {
    Operands operands;
    operands.TraverseStmt(const_cast<clang::Expr*>(&value));
    for (const clang::Expr* operand : operands.all) flows_[operand] = to;
  }

  void add_harmless(const clang::CallExpr& call) {
    Operands operands;
    for (const clang::Expr* argument : call.arguments()) operands.TraverseStmt(const_cast<clang::Expr*>(argument));
    harmless_.insert(operands.all.begin(), operands.all.end());
  }

  void add_quotient(const clang::BinaryOperator& operation) {
    const Size* whole = size_in(*operation.getLHS());
    const Size* part = size_in(*operation.getRHS());
    if (part == nullptr) return;
    const bool counts = whole != nullptr && whole->getTypeOfArgument()->isArrayType() &&
                        record_in(whole->getTypeOfArgument()) == record_in(part->getTypeOfArgument());
    if (counts) harmless_.insert(whole);
    if (counts || (whole == nullptr && is_a_bound(*operation.getLHS()))) harmless_.insert(part);
  }

  /// SIZE_MAX and such: the largest number of a type, of one with or without a sign.
  bool is_a_bound(const clang::Expr& expression) const {
    const std::optional<std::uint64_t> value = constant_of(expression, context_);
    return value && *value >= 0x7fff'ffff && (*value & (*value + 1)) == 0;
  }

  bool is_harmless(const clang::Expr& use) const {
    if (harmless_.contains(&use)) return true;
    const auto flow = flows_.find(&use);
    if (flow == flows_.end()) return false;
    const auto to = variables_.find(flow->second);
    return to != variables_.end() && to->second.is_seen && !to->second.is_harmful;
  }

  /// A variable that is used in any other way is harmful, and so is what flows into it.
  void spread_harm() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (auto& [declaration, variable] : variables_) {
        if (variable.is_harmful) continue;
        variable.is_harmful = std::ranges::any_of(
            variable.uses, [this](const clang::DeclRefExpr* use) { return !is_plain(*use) || !is_harmless(*use); });
        changed = changed || variable.is_harmful;
      }
    }
  }

  /// Not by its address or a reference.
  bool is_plain(const clang::DeclRefExpr& use) const { return reads_.contains(&use) || harmless_.contains(&use); }

  bool moves_whole_objects(const clang::CallExpr& call) const {
    const std::optional<MovedBytes> moved = moved_bytes(call);
    if (!moved) return false;
    const clang::RecordDecl* record = record_in(pointee_of(moved->to->IgnoreParenCasts()->getType()));
    if (record == nullptr || !counts_whole(*moved->length, *record, 0)) return false;
    if (moved->from != nullptr) return record_in(pointee_of(moved->from->IgnoreParenCasts()->getType())) == record;
    return moved->value == nullptr || constant_of(*moved->value, context_) == std::uint64_t{0};
  }

  /// Whether a number of bytes is that of some whole objects of `record`: sizeof, products and sums of it, variables.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, and through few variables
  bool counts_whole(const clang::Expr& written, const clang::RecordDecl& record, int variables) const {
    constexpr int kMostVariables = 4;
    const clang::Expr& expression = *written.IgnoreParenCasts();
    if (const Size* size = size_in(expression)) return record_in(size->getTypeOfArgument()) == &record;
    if (const clang::VarDecl* variable = number_in(expression)) {
      const auto found = variables_.find(variable);
      if (found == variables_.end() || llvm::isa<clang::ParmVarDecl>(variable) || variables == kMostVariables)
        return false;
      const Variable& known = found->second;
      const auto is_plain_use = [this](const clang::DeclRefExpr* use) { return is_plain(*use); };
      const auto is_whole = [&](const clang::Expr* value) { return counts_whole(*value, record, variables + 1); };
      return !known.values.empty() && std::ranges::all_of(known.uses, is_plain_use) &&
             std::ranges::all_of(known.values, is_whole);
    }
    const auto* operation = llvm::dyn_cast<clang::BinaryOperator>(&expression);
    if (operation == nullptr) return false;
    const auto is_whole = [&](const clang::Expr* side) { return counts_whole(*side, record, variables); };
    switch (operation->getOpcode()) {
      case clang::BO_Mul: return is_whole(operation->getLHS()) || is_whole(operation->getRHS());
      case clang::BO_Add:
      case clang::BO_Sub: return is_whole(operation->getLHS()) && is_whole(operation->getRHS());
      default: return false;
    }
  }

  clang::ASTContext& context_;
  const KnownLayouts& layouts_;
  llvm::MapVector<const clang::VarDecl*, Variable> variables_;
  llvm::DenseMap<const clang::Expr*, const clang::VarDecl*> flows_;
  llvm::DenseSet<const clang::Expr*> harmless_;
  llvm::DenseSet<const clang::Expr*> reads_;
  llvm::SmallVector<const clang::CallExpr*, 16> moves_;
  llvm::SmallVector<const Size*, 16> sizes_;
};

}  // namespace

WholeMoves add_size_uses(clang::ASTContext& context, const UnitNodes& nodes, const KnownLayouts& layouts) {
  SizeUses uses(context, layouts);
  for (const clang::VarDecl* variable : nodes.variables) uses.see(*variable);
  for (const auto& [name, in_assertion] : nodes.names) uses.see(*name);
  for (const clang::CastExpr* cast : nodes.casts) uses.see(*cast);
  for (const clang::BinaryOperator* operation : nodes.binary_operators) uses.see(*operation);
  for (const clang::CallExpr* call : nodes.calls) uses.see(*call);
  for (const auto& [size, in_assertion] : nodes.sizes) uses.see(*size, in_assertion);
  return uses.finish();
}

}  // namespace wml::extract
