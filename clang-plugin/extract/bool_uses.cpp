#include "extract/bool_uses.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/TargetInfo.h"
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

class BoolUses {
public:
  BoolUses(clang::ASTContext& context, const KnownRecords& records) : context_(context), records_(records) {
    const clang::TargetOptions& target = context.getTargetInfo().getTargetOpts();
    uses_threads_ = context.getLangOpts().POSIXThreads || target.FeatureMap.lookup("atomics");
  }

  void see(const clang::MemberExpr& member) {
    if (field_of(member) != nullptr) members_.try_emplace(&member, false);
  }

  void see(const clang::CastExpr& cast) {
    if (cast.getCastKind() == clang::CK_LValueToRValue) settle_reads(cast.getSubExpr());
  }

  void see(const clang::BinaryOperator& operation) {
    if (!operation.isAssignmentOp()) return;
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(operation.getLHS()->IgnoreParens());
    FieldFact* field = member == nullptr ? nullptr : field_of(*member);
    if (field == nullptr || !settle(member)) return;
    if (operation.isCompoundAssignmentOp()) ++uses_in(*field, *member).reads;
    add_write(*field, *operation.getRHS(), operation.isCompoundAssignmentOp());
  }

  void see(const clang::UnaryOperator& operation) {
    if (operation.getOpcode() != clang::UO_AddrOf) return;
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(operation.getSubExpr()->IgnoreParens());
    if (member != nullptr && field_of(*member) != nullptr && settle(member))
      add_hazard(*member->getMemberDecl(), HazardKind::address_taken, member->getMemberLoc());
  }

  /// &S::flag, sizeof(S::flag)
  void see(const clang::DeclRefExpr& name) {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(name.getDecl());
    if (field != nullptr && fact_of(*field) != nullptr)
      add_hazard(*field, HazardKind::reference_bound, name.getLocation());
  }

  /// Bit-fields are copied as the words that they are in, where the compiler writes the copy.
  void see(const clang::CXXConstructorDecl& constructor) {
    if (constructor.isCopyOrMoveConstructor() && (constructor.isImplicit() || constructor.isDefaulted())) return;
    for (const clang::CXXCtorInitializer* initialiser : constructor.inits()) {
      FieldFact* field = initialiser->isMemberInitializer() ? fact_of(*initialiser->getMember()) : nullptr;
      if (field != nullptr) add_write(*field, *initialiser->getInit(), false);
    }
  }

  // An assignment is an lvalue, too, and refers to the field that it writes.
  void see(const clang::VarDecl& variable) {
    uses_threads_ = uses_threads_ || is_thread_type(variable.getType());
    if (variable.getType()->isReferenceType()) add_assigned(variable.getInit());
  }

  void see(const BaseNode& node) { uses_threads_ = uses_threads_ || is_thread_type(node.base->getType()); }

  void see(const clang::FieldDecl& field) { uses_threads_ = uses_threads_ || is_thread_type(field.getType()); }

  void see(const clang::ReturnStmt& statement) { add_assigned(statement.getRetValue()); }

  void see(const clang::CallExpr& call) {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    uses_threads_ = uses_threads_ || (callee != nullptr && is_thread_function(*callee));
    for (const clang::Expr* argument : call.arguments()) add_assigned(argument);
  }

  void see(const clang::CXXConstructExpr& made) {
    uses_threads_ = uses_threads_ || is_thread_type(made.getType());
    for (const clang::Expr* argument : made.arguments()) add_assigned(argument);
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

  /// False where it was settled before: a default is met again where its function is declared again.
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

void add_bool_uses(clang::ASTContext& context, const UnitNodes& nodes, const KnownRecords& records) {
  BoolUses uses(context, records);
  for (const clang::MemberExpr* member : nodes.members) uses.see(*member);
  for (const auto& [name, in_assertion] : nodes.names) uses.see(*name);
  for (const clang::CastExpr* cast : nodes.casts) uses.see(*cast);
  for (const clang::BinaryOperator* operation : nodes.binary_operators) uses.see(*operation);
  for (const clang::UnaryOperator* operation : nodes.unary_operators) uses.see(*operation);
  for (const clang::CallExpr* call : nodes.calls) uses.see(*call);
  for (const clang::CXXConstructExpr* made : nodes.constructions) uses.see(*made);
  for (const clang::ReturnStmt* statement : nodes.returns) uses.see(*statement);
  for (const auto& [constructor, in_instance] : nodes.constructors) uses.see(*constructor);
  for (const clang::VarDecl* variable : nodes.variables) uses.see(*variable);
  for (const clang::FieldDecl* field : nodes.fields) uses.see(*field);
  for (const BaseNode& node : nodes.bases) uses.see(node);
  uses.add_unsettled();
  if (uses.uses_threads() || nodes.has_atomics) records.add_to_all(HazardKind::shared_by_threads);
}

}  // namespace wml::extract
