#include "extract/evaluation.h"

#include <algorithm>
#include <set>

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtVisitor.h"
#include "clang/Basic/Builtins.h"
#include "extract/order_free.h"

// Fields are initialised in the order of their declaration. Two of them may change places where neither sees what the
// other one does. Code that is not looked into may do anything but change a constructor's own parameters, which nobody
// else can reach as long as no reference or pointer to them is made: `name_(std::move(name)), count_(count)` changes
// `name` and reads `count`, and nothing more.

namespace wml::extract {
namespace {

constexpr unsigned kDeepestCall = 8;

/// Types of std whose construction looks at what it is given and at nothing else.
bool is_plain_to_make(clang::QualType type) {
  static constexpr llvm::StringRef kOwners[] = {"unique_ptr", "shared_ptr",      "weak_ptr",          "atomic",
                                                "mutex",      "recursive_mutex", "condition_variable"};
  const clang::CXXRecordDecl* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (record == nullptr || !record->isInStdNamespace() || record->getIdentifier() == nullptr) return false;
  return is_order_free(type) || llvm::is_contained(kOwners, record->getName());
}

bool moves_its_argument(const clang::CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr || call.getNumArgs() != 1) return false;
  switch (callee->getBuiltinID()) {
    case clang::Builtin::BImove:
    case clang::Builtin::BIforward:
    case clang::Builtin::BIas_const: return true;
    default: return false;
  }
}

/// The object that a glvalue is or is a part of, without conversions and casts to an rvalue reference.
const clang::Expr& object_of(const clang::Expr& glvalue) {
  const clang::Expr* expression = glvalue.IgnoreParenImpCasts();
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(expression); call != nullptr && moves_its_argument(*call))
    return object_of(*call->getArg(0));
  if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(expression);
      cast != nullptr && cast->isGLValue() && cast->getCastKind() == clang::CK_NoOp)
    return object_of(*cast->getSubExpr());
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression);
  if (member == nullptr || member->isArrow() || member->getMemberDecl()->getType()->isReferenceType())
    return *expression;
  return object_of(*member->getBase());
}

class Evaluator : public clang::ConstStmtVisitor<Evaluator> {
public:
  /// `function`: whose parameters an expression may name; null where there may be others that reach them.
  Evaluator(const clang::ASTContext& context, const clang::FunctionDecl* function, unsigned depth)
      : context_(context), function_(function), memberwise_(is_memberwise(function)), depth_(depth) {}

  FieldEvaluation found;
  std::set<std::uint32_t> leaked;  ///< parameters that others may reach

  void evaluate(const clang::Expr* expression) {
    if (expression != nullptr && !is_constant(*expression)) Visit(expression);
    if (memberwise_) found.reads = false;
  }

  /// What is not known: its parts, and all that it may do beside.
  void VisitStmt(const clang::Stmt* statement) {
    const auto* expression = llvm::dyn_cast<clang::Expr>(statement);
    if (expression != nullptr && is_constant(*expression)) return;
    found.reads = true;
    found.effects = found.effects || expression == nullptr || expression->HasSideEffects(context_);
    visit_parts(statement);
  }

  void VisitParenExpr(const clang::ParenExpr* expression) { visit_parts(expression); }
  void VisitMemberExpr(const clang::MemberExpr* expression) { visit_parts(expression); }
  void VisitArraySubscriptExpr(const clang::ArraySubscriptExpr* expression) { visit_parts(expression); }
  void VisitConditionalOperator(const clang::ConditionalOperator* expression) { visit_parts(expression); }
  void VisitFullExpr(const clang::FullExpr* expression) { visit_parts(expression); }
  void VisitMaterializeTemporaryExpr(const clang::MaterializeTemporaryExpr* expression) { visit_parts(expression); }
  void VisitCXXParenListInitExpr(const clang::CXXParenListInitExpr* expression) { visit_parts(expression); }
  void VisitCXXStdInitializerListExpr(const clang::CXXStdInitializerListExpr* expression) { visit_parts(expression); }
  void VisitImplicitValueInitExpr(const clang::ImplicitValueInitExpr*) {}
  void VisitCXXScalarValueInitExpr(const clang::CXXScalarValueInitExpr*) {}
  void VisitCXXThisExpr(const clang::CXXThisExpr*) {}
  void VisitUnaryExprOrTypeTraitExpr(const clang::UnaryExprOrTypeTraitExpr*) {}

  void VisitCXXDefaultInitExpr(const clang::CXXDefaultInitExpr* expression) { evaluate(expression->getExpr()); }
  void VisitCXXDefaultArgExpr(const clang::CXXDefaultArgExpr* expression) { evaluate(expression->getExpr()); }
  void VisitArrayInitLoopExpr(const clang::ArrayInitLoopExpr* loop) { evaluate(loop->getSubExpr()); }

  void VisitInitListExpr(const clang::InitListExpr* list) {
    visit_parts(list);
    if (list->hasArrayFiller()) evaluate(list->getArrayFiller());
  }

  void VisitLambdaExpr(const clang::LambdaExpr* lambda) {
    for (const clang::Expr* capture : lambda->capture_inits()) evaluate(capture);
  }

  void VisitUnaryOperator(const clang::UnaryOperator* expression) {
    found.effects = found.effects || expression->isIncrementDecrementOp();
    visit_parts(expression);
  }

  void VisitBinaryOperator(const clang::BinaryOperator* expression) {
    found.effects = found.effects || expression->isAssignmentOp();
    visit_parts(expression);
  }

  void VisitCXXBindTemporaryExpr(const clang::CXXBindTemporaryExpr* expression) {
    const clang::QualType type = expression->getType();
    found.effects = found.effects || (!is_order_free(type) && !is_plain_to_make(type));
    visit_parts(expression);
  }

  void VisitCastExpr(const clang::CastExpr* cast) {
    switch (cast->getCastKind()) {
      case clang::CK_LValueToRValue: load(*cast->getSubExpr()); return;
      case clang::CK_LValueToRValueBitCast:
      case clang::CK_AtomicToNonAtomic:
      case clang::CK_Dynamic: VisitStmt(cast); return;
      default: visit_parts(cast);
    }
  }

  /// A reference to a parameter that stays is one by which others may reach it.
  void VisitDeclRefExpr(const clang::DeclRefExpr* name) {
    if (const auto parameter = own_parameter(*name)) leaked.insert(*parameter);
  }

  void VisitCallExpr(const clang::CallExpr* call) {
    const clang::FunctionDecl* callee = call->getDirectCallee();
    const clang::FunctionDecl* definition = nullptr;
    if (const clang::Expr* returned = callee == nullptr ? nullptr : only_returned(*callee, definition)) {
      for (const clang::Expr* argument : call->arguments()) visit_argument(*argument);
      Evaluator inner(context_, definition, depth_ + 1);
      inner.evaluate(returned);
      merge(inner.found);
      return;
    }
    const bool pure = callee != nullptr && (callee->hasAttr<clang::ConstAttr>() || callee->hasAttr<clang::PureAttr>());
    found.reads = true;
    found.effects = found.effects || !pure;
    visit_parts(call);
  }

  /// size() and the like of the standard library's containers only read them.
  void VisitCXXMemberCallExpr(const clang::CXXMemberCallExpr* call) {
    const clang::CXXMethodDecl* method = call->getMethodDecl();
    const clang::Expr* object = call->getImplicitObjectArgument();
    const bool only_reads = method != nullptr && object != nullptr && method->isConst() && call->getNumArgs() == 0 &&
                            is_plain_to_make(context_.getCanonicalTagType(method->getParent()));
    if (!only_reads) {
      VisitCallExpr(call);
    } else if (object->isGLValue()) {
      load(*object);
    } else {
      found.reads = true;
      Visit(object);
    }
  }

  void VisitCXXConstructExpr(const clang::CXXConstructExpr* made) {
    const clang::CXXConstructorDecl& constructor = *made->getConstructor();
    const bool copies = constructor.isCopyOrMoveConstructor() && made->getNumArgs() > 0;
    if (copies && made->getArg(0)->isGLValue()) {
      if (constructor.isMoveConstructor() && !constructor.isTrivial()) {
        take(*made->getArg(0));
      } else {
        load(*made->getArg(0));
      }
    } else {
      for (const clang::Expr* argument : made->arguments()) visit_argument(*argument);
    }
    if (constructor.isTrivial() || is_plain_to_make(made->getType())) return;
    look_into(constructor);
  }

private:
  static bool is_memberwise(const clang::FunctionDecl* function) {
    const auto* constructor = llvm::dyn_cast_or_null<clang::CXXConstructorDecl>(function);
    return constructor != nullptr && constructor->isDefaulted() && constructor->isCopyOrMoveConstructor();
  }

  /// A constructor that does nothing but initialise, in ways that are understood, does what these do.
  void look_into(const clang::CXXConstructorDecl& called) {
    const clang::FunctionDecl* definition = nullptr;
    const auto* body = called.getBody(definition);
    const auto* statements = llvm::dyn_cast_or_null<clang::CompoundStmt>(body);
    if (statements == nullptr || !statements->body_empty() || depth_ >= kDeepestCall) {
      found.effects = found.reads = true;
      return;
    }
    const auto& constructor = *llvm::cast<clang::CXXConstructorDecl>(definition);
    Evaluator inner(context_, &constructor, depth_ + 1);
    for (const clang::CXXCtorInitializer* initialiser : constructor.inits()) inner.evaluate(initialiser->getInit());
    merge(inner.found);
  }

  /// What a function returns that does nothing else; null where it does, or where another one may be called.
  const clang::Expr* only_returned(const clang::FunctionDecl& called, const clang::FunctionDecl*& definition) const {
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&called);
    if (depth_ >= kDeepestCall || called.hasAttr<clang::WeakAttr>() || (method != nullptr && method->isInstance()))
      return nullptr;
    const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(called.getBody(definition));
    if (body == nullptr || body->size() != 1) return nullptr;
    const auto* statement = llvm::dyn_cast<clang::ReturnStmt>(body->body_front());
    return statement == nullptr ? nullptr : statement->getRetValue();
  }

  /// What a called function does. Its parameters are its own.
  void merge(const FieldEvaluation& inner) {
    found.effects = found.effects || inner.effects;
    found.reads = found.reads || inner.reads;
  }

  void visit_argument(const clang::Expr& argument) {
    if (is_constant(argument)) return;
    // What lies behind a pointer or in an object is looked at, too.
    if (!argument.getType()->isArithmeticType() && !argument.getType()->isEnumeralType()) found.reads = true;
    if (argument.isGLValue() && argument.getType().isConstQualified()) {
      load(argument);
    } else {
      Visit(&argument);
    }
  }

  void load(const clang::Expr& place) {
    if (place.getType().isVolatileQualified()) found.effects = true;
    if (memberwise_) return;
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&object_of(place));
    if (name != nullptr && is_fixed(*name->getDecl())) return;
    if (const auto parameter = name == nullptr ? std::nullopt : own_parameter(*name)) {
      add(found.uses, *parameter);
      return;
    }
    found.reads = true;
    Visit(&place);
  }

  void take(const clang::Expr& place) {
    if (memberwise_) return;
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&object_of(place));
    if (const auto parameter = name == nullptr ? std::nullopt : own_parameter(*name)) {
      add(found.uses, *parameter);
      add(found.takes, *parameter);
    } else if (llvm::isa<clang::MaterializeTemporaryExpr>(object_of(place))) {
      Visit(&place);
    } else {
      found.effects = found.reads = true;
      Visit(&place);
    }
  }

  std::optional<std::uint32_t> own_parameter(const clang::DeclRefExpr& name) const {
    const auto* parameter = llvm::dyn_cast<clang::ParmVarDecl>(name.getDecl());
    if (parameter == nullptr || function_ == nullptr || parameter->getDeclContext() != function_ ||
        parameter->getType()->isReferenceType() || parameter->getType().isVolatileQualified())
      return std::nullopt;
    return parameter->getFunctionScopeIndex();
  }

  bool is_fixed(const clang::ValueDecl& declaration) const {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration);
    return variable != nullptr && !variable->getType()->isReferenceType() &&
           variable->isUsableInConstantExpressions(context_);
  }

  bool is_constant(const clang::Expr& expression) const {
    clang::Expr::EvalResult result;
    return !expression.isValueDependent() && !expression.getType()->isVoidType() &&
           expression.EvaluateAsRValue(result, context_) && !result.HasSideEffects;
  }

  void visit_parts(const clang::Stmt* statement) {
    for (const clang::Stmt* part : statement->children()) {
      if (part != nullptr) Visit(part);
    }
  }

  static void add(std::vector<std::uint32_t>& numbers, std::uint32_t number) {
    if (!llvm::is_contained(numbers, number)) numbers.push_back(number);
  }

  const clang::ASTContext& context_;
  const clang::FunctionDecl* function_;
  bool memberwise_;  ///< each field is made from another one of the same object: none sees what the others do
  unsigned depth_;
};

class UsesThis : public clang::DynamicRecursiveASTVisitor {
public:
  bool VisitCXXThisExpr(clang::CXXThisExpr*) override {
    found = true;
    return false;
  }
  bool found = false;
};

/// What others may reach is as unsure as any memory.
void settle_leaks(std::vector<FieldEvaluation>& evaluations, const std::set<std::uint32_t>& leaked) {
  const auto is_leaked = [&](std::uint32_t parameter) { return leaked.contains(parameter); };
  for (FieldEvaluation& evaluation : evaluations) {
    evaluation.reads = evaluation.reads || std::ranges::any_of(evaluation.uses, is_leaked);
    evaluation.effects = evaluation.effects || std::ranges::any_of(evaluation.takes, is_leaked);
  }
}

bool is_of_interest(const FieldEvaluation& evaluation) {
  return evaluation.effects || evaluation.reads || !evaluation.uses.empty();
}

}  // namespace

const clang::FieldDecl* initialised_field(const clang::CXXCtorInitializer& initialiser) {
  if (const clang::IndirectFieldDecl* indirect = initialiser.getIndirectMember())
    return llvm::dyn_cast<clang::FieldDecl>(indirect->chain().front());
  return initialiser.getMember();
}

bool uses_this(const clang::Expr* initialiser) {
  UsesThis visitor;
  if (initialiser != nullptr) visitor.TraverseStmt(const_cast<clang::Expr*>(initialiser));
  return visitor.found;
}

std::vector<FieldEvaluation> evaluations_of(const clang::CXXConstructorDecl& constructor,
                                            const clang::ASTContext& context) {
  std::vector<FieldEvaluation> evaluations;
  std::set<std::uint32_t> leaked;
  for (const clang::CXXCtorInitializer* initialiser : constructor.inits()) {
    Evaluator evaluator(context, &constructor, 0);
    evaluator.evaluate(initialiser->getInit());
    leaked.merge(evaluator.leaked);
    const clang::FieldDecl* field = initialised_field(*initialiser);
    if (field == nullptr || !is_of_interest(evaluator.found)) continue;
    evaluator.found.field = field->getFieldIndex();
    evaluations.push_back(std::move(evaluator.found));
  }
  settle_leaks(evaluations, leaked);
  return evaluations;
}

std::vector<FieldEvaluation> evaluations_of(const clang::RecordDecl& record,
                                            llvm::ArrayRef<const clang::Expr*> elements,
                                            const clang::ASTContext& context) {
  std::vector<const clang::FieldDecl*> fields;
  for (const clang::FieldDecl* field : record.fields()) {
    if (!field->isUnnamedBitField()) fields.push_back(field);
  }
  const std::size_t bases = elements.size() > fields.size() ? elements.size() - fields.size() : 0;
  std::vector<FieldEvaluation> evaluations;
  for (std::size_t i = bases; i < elements.size(); ++i) {
    Evaluator evaluator(context, nullptr, 0);
    evaluator.evaluate(elements[i]);
    if (!is_of_interest(evaluator.found)) continue;
    evaluator.found.field = fields[i - bases]->getFieldIndex();
    evaluations.push_back(std::move(evaluator.found));
  }
  return evaluations;
}

}  // namespace wml::extract
