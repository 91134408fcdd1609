#include "extract/bool_uses.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/TargetInfo.h"
#include "extract/users_declarations.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

// A parent that uses a field in a way that is as good with a bit-field settles the MemberExpr below it. What nothing
// settled is bound to a reference, or might be: a call's argument, decltype, an lvalue of ?:, an operand of asm. A
// const reference to a bit-field compiles, and is one to a copy: so no compiler finds this afterwards.

namespace wml::extract {
namespace {

bool is_thread_type(clang::QualType type) {
  if (type->isAtomicType()) return true;
  static const llvm::StringSet<> names = {"thread",
                                          "jthread",
                                          "mutex",
                                          "timed_mutex",
                                          "recursive_mutex",
                                          "recursive_timed_mutex",
                                          "shared_mutex",
                                          "shared_timed_mutex",
                                          "condition_variable",
                                          "condition_variable_any",
                                          "lock_guard",
                                          "unique_lock",
                                          "scoped_lock",
                                          "shared_lock",
                                          "once_flag",
                                          "future",
                                          "shared_future",
                                          "promise",
                                          "packaged_task",
                                          "counting_semaphore",
                                          "latch",
                                          "barrier",
                                          "atomic",
                                          "atomic_flag",
                                          "atomic_ref"};
  const clang::CXXRecordDecl* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
         names.contains(record->getName());
}

bool is_thread_function(const clang::FunctionDecl& function) {
  if (function.getIdentifier() == nullptr) return false;
  const llvm::StringRef name = function.getName();
  static constexpr llvm::StringRef kPrefixes[] = {"pthread_",
                                                  "thrd_",
                                                  "mtx_",
                                                  "cnd_",
                                                  "__sync_",
                                                  "__atomic_",
                                                  "__builtin_wasm_memory_atomic_",
                                                  "emscripten_create_wasm_worker",
                                                  "emscripten_futex_",
                                                  "emscripten_lock_"};
  const bool of_std = function.isInStdNamespace() && (name == "async" || name == "call_once");
  return of_std || llvm::any_of(kPrefixes, [name](llvm::StringRef prefix) { return name.starts_with(prefix); });
}

class BoolUses : public clang::DynamicRecursiveASTVisitor {
public:
  BoolUses(clang::ASTContext& context, const KnownRecords& records) : context_(context), records_(records) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = true;  // conversions of list elements are in the semantic form only
    const clang::TargetOptions& target = context.getTargetInfo().getTargetOpts();
    uses_threads_ = context.getLangOpts().POSIXThreads || target.FeatureMap.lookup("atomics");
  }

  bool VisitMemberExpr(clang::MemberExpr* member) override {
    if (field_of(*member) != nullptr) members_.try_emplace(member, false);
    return true;
  }

  bool VisitImplicitCastExpr(clang::ImplicitCastExpr* cast) override {
    if (cast->getCastKind() == clang::CK_LValueToRValue) settle_reads(cast->getSubExpr());
    return true;
  }

  bool VisitBinaryOperator(clang::BinaryOperator* operation) override {
    if (!operation->isAssignmentOp()) return true;
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(operation->getLHS()->IgnoreParens());
    FieldFact* field = member == nullptr ? nullptr : field_of(*member);
    if (field == nullptr || !settle(member)) return true;
    if (operation->isCompoundAssignmentOp()) ++uses_in(*field, *member).reads;
    add_write(*field, *operation->getRHS(), operation->isCompoundAssignmentOp());
    return true;
  }

  bool VisitUnaryOperator(clang::UnaryOperator* operation) override {
    if (operation->getOpcode() != clang::UO_AddrOf) return true;
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(operation->getSubExpr()->IgnoreParens());
    if (member != nullptr && field_of(*member) != nullptr && settle(member))
      add_hazard(*member->getMemberDecl(), HazardKind::address_taken, member->getMemberLoc());
    return true;
  }

  /// &S::flag, sizeof(S::flag)
  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(name->getDecl());
    if (field != nullptr && fact_of(*field) != nullptr)
      add_hazard(*field, HazardKind::reference_bound, name->getLocation());
    return true;
  }

  bool VisitCXXConstructorDecl(clang::CXXConstructorDecl* constructor) override {
    for (const clang::CXXCtorInitializer* initialiser : constructor->inits()) {
      FieldFact* field = initialiser->isMemberInitializer() ? fact_of(*initialiser->getMember()) : nullptr;
      if (field != nullptr) add_write(*field, *initialiser->getInit(), false);
    }
    return true;
  }

  // An assignment is an lvalue, too, and refers to the field that it writes.
  bool VisitVarDecl(clang::VarDecl* variable) override {
    uses_threads_ = uses_threads_ || is_thread_type(variable->getType());
    if (variable->getType()->isReferenceType()) add_assigned(variable->getInit());
    return true;
  }

  bool VisitFieldDecl(clang::FieldDecl* field) override {
    uses_threads_ = uses_threads_ || is_thread_type(field->getType());
    return true;
  }

  bool VisitReturnStmt(clang::ReturnStmt* statement) override {
    add_assigned(statement->getRetValue());
    return true;
  }

  bool VisitCallExpr(clang::CallExpr* call) override {
    const clang::FunctionDecl* callee = call->getDirectCallee();
    uses_threads_ = uses_threads_ || (callee != nullptr && is_thread_function(*callee));
    for (const clang::Expr* argument : call->arguments()) add_assigned(argument);
    return true;
  }

  bool VisitCXXConstructExpr(clang::CXXConstructExpr* made) override {
    uses_threads_ = uses_threads_ || is_thread_type(made->getType());
    for (const clang::Expr* argument : made->arguments()) add_assigned(argument);
    return true;
  }

  bool VisitAtomicExpr(clang::AtomicExpr*) override {
    uses_threads_ = true;
    return true;
  }

  bool uses_threads() const { return uses_threads_; }

  void add_unsettled() const {
    for (const auto& [member, settled] : members_) {
      if (!settled) add_hazard(*member->getMemberDecl(), HazardKind::reference_bound, member->getMemberLoc());
    }
  }

private:
  FieldFact* fact_of(const clang::FieldDecl& field) const {
    RecordFact* record = records_.of(field.getParent());
    if (record == nullptr || field.getFieldIndex() >= record->fields.size()) return nullptr;
    FieldFact& fact = record->fields[field.getFieldIndex()];
    return fact.is_bool ? &fact : nullptr;
  }

  FieldFact* field_of(const clang::MemberExpr& member) const {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(member.getMemberDecl());
    return field == nullptr ? nullptr : fact_of(*field);
  }

  /// False where it was settled before: a list is visited as it is written and as it is meant.
  bool settle(const clang::MemberExpr* member) {
    bool& settled = members_[member];
    return !std::exchange(settled, true);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression
  void settle_reads(const clang::Expr* expression) {
    expression = expression->IgnoreParens();
    if (const auto* choice = llvm::dyn_cast<clang::AbstractConditionalOperator>(expression)) {
      settle_reads(choice->getTrueExpr());
      settle_reads(choice->getFalseExpr());
    }
    if (const auto* pair = llvm::dyn_cast<clang::BinaryOperator>(expression); pair != nullptr && pair->isCommaOp())
      settle_reads(pair->getRHS());
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression);
    FieldFact* field = member == nullptr ? nullptr : field_of(*member);
    if (field != nullptr && settle(member)) ++uses_in(*field, *member).reads;
  }

  void add_write(FieldFact& field, const clang::Expr& value, bool is_mixed) const {
    const bool constant = !is_mixed && !value.isValueDependent() && value.isEvaluatable(context_);
    FieldUses& uses = uses_in(field, value);
    ++(constant ? uses.constant_writes : uses.variable_writes);
  }

  /// The uses of the file that the expression is in.
  FieldUses& uses_in(FieldFact& field, const clang::Expr& expression) const {
    const clang::SourceManager& sources = context_.getSourceManager();
    return sources.isInMainFile(sources.getExpansionLoc(expression.getExprLoc())) ? field.uses : field.header_uses;
  }

  void add_assigned(const clang::Expr* expression) const {
    const auto* operation = expression == nullptr
                                ? nullptr
                                : llvm::dyn_cast<clang::BinaryOperator>(expression->IgnoreParenNoopCasts(context_));
    if (operation == nullptr || !operation->isAssignmentOp() || !operation->isLValue()) return;
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(operation->getLHS()->IgnoreParens());
    if (member != nullptr && field_of(*member) != nullptr)
      add_hazard(*member->getMemberDecl(), HazardKind::reference_bound, member->getMemberLoc());
  }

  void add_hazard(const clang::ValueDecl& field, HazardKind kind, clang::SourceLocation where) const {
    records_.add_hazard(records_.of(llvm::cast<clang::FieldDecl>(field).getParent()), kind, where,
                        field.getNameAsString());
  }

  clang::ASTContext& context_;
  const KnownRecords& records_;
  llvm::MapVector<const clang::MemberExpr*, bool> members_;  // whether they are settled
  bool uses_threads_ = false;
};

}  // namespace

void add_bool_uses(clang::ASTContext& context, const Places& places, const KnownRecords& records) {
  BoolUses uses(context, records);
  for (clang::Decl* declaration : users_declarations(context, places)) uses.TraverseDecl(declaration);
  uses.add_unsettled();
  if (uses.uses_threads()) records.add_to_all(HazardKind::shared_by_threads);
}

}  // namespace wml::extract
