#include "extract/borrowed_results.h"

#include "clang/AST/StmtCXX.h"
#include "extract/borrowing_functions.h"
#include "extract/changes.h"
#include "extract/copies.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

/// A call whose result is a copy, and what of the caller's it copies.
struct BorrowedCall {
  const clang::FunctionDecl* callee = nullptr;
  Borrowing borrowing;
  Origin origin;
};

std::optional<BorrowedCall> borrowed_call(const clang::Expr& made, const Functions& functions) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(&without_wrapping(made));
  const clang::FunctionDecl* callee = call == nullptr ? nullptr : callee_of(*call);
  const auto borrowing = callee == nullptr ? std::nullopt : borrowing_of(*callee, functions);
  if (!borrowing || functions.is_named_without_call(*callee)) return std::nullopt;
  const clang::Expr* source = nullptr;
  if (borrowing->member != nullptr) {
    const auto* method = llvm::dyn_cast<clang::CXXMemberCallExpr>(call);
    source = method == nullptr ? nullptr : method->getImplicitObjectArgument();
  } else if (borrowing->parameter < call->getNumArgs()) {
    source = call->getArg(borrowing->parameter);
  }
  if (source == nullptr) return std::nullopt;
  auto origin = origin_of(*source);
  if (!origin) return std::nullopt;
  if (origin->variable != nullptr && origin->variable->getType()->isPointerType()) origin->own = false;
  return BorrowedCall{callee, *borrowing, *origin};
}

CopyFact fact_of(const BorrowedCall& call, const clang::VarDecl& variable, const FunctionBody& body,
                 const Functions& functions, const Places& places) {
  const Borrowing& borrowing = call.borrowing;
  CopyFact fact = copy_fact(borrowing.member == nullptr ? CopyKind::argument_result : CopyKind::member_result, variable,
                            body, functions, places);
  fact.source = borrowing.member == nullptr ? call.callee->getParamDecl(borrowing.parameter)->getNameAsString()
                                            : borrowing.member->getNameAsString();
  fact.callee = call.callee->getQualifiedNameAsString();
  fact.callee_where = places.of(call.callee->getLocation());
  fact.part = borrowing.part;
  return fact;
}

/// `for (auto x : object.values())`
void add_walked(const clang::CXXForRangeStmt& loop, const FunctionBody& body, const Functions& functions,
                const Places& places, std::vector<CopyFact>& facts) {
  const clang::VarDecl* variable = loop.getLoopVariable();
  const clang::Expr* range = loop.getRangeInit();
  if (variable == nullptr || range == nullptr || range->getBeginLoc().isMacroID()) return;
  const clang::QualType element = variable->getType();
  const bool changes = element->isReferenceType() && !element.getNonReferenceType().isConstQualified();
  const auto call = changes ? std::nullopt : borrowed_call(*range, functions);
  if (!call || !stays_while_used(*variable, call->origin, call->callee->getReturnType(), body, functions)) return;
  CopyFact fact = fact_of(*call, *variable, body, functions, places);
  fact.name.clear();
  fact.type = type_text(range->getType(), functions.context());
  fact.contiguous = is_string(range->getType()) || is_vector(range->getType());
  fact.short_characters = is_string(range->getType()) ? small_string_bytes(functions.context()) : 0;
  fact.where = places.of(range->getBeginLoc());
  add_loop(fact, loop, body, functions, places);
  facts.push_back(std::move(fact));
}

/// `auto x = object.values();`, or a reference to what that makes
void add_kept(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions,
              const Places& places, std::vector<CopyFact>& facts) {
  const clang::QualType type = variable.getType();
  const clang::DeclStmt* statement = body.declaration(variable);
  if (variable.getInit() == nullptr || statement == nullptr || variable.getLocation().isMacroID() ||
      !may_allocate(type.getNonReferenceType()) ||
      (type->isReferenceType() && !type.getNonReferenceType().isConstQualified()))
    return;
  const auto call = borrowed_call(*variable.getInit(), functions);
  if (!call) return;
  const ReadUse use = read_use(variable, body);
  // A view does not go where a reference to the container is wanted.
  if (use == ReadUse::no || (call->borrowing.part && use == ReadUse::as_whole)) return;
  if (!stays_while_used(variable, call->origin, call->callee->getReturnType(), body, functions)) return;
  CopyFact fact = fact_of(*call, variable, body, functions, places);
  add_loop(fact, *statement, body, functions, places);
  facts.push_back(std::move(fact));
}

}  // namespace

void add_borrowed_results(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                          std::vector<CopyFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  for (const clang::CXXForRangeStmt* loop : body.range_loops()) add_walked(*loop, body, functions, places, facts);
  for (const clang::VarDecl* variable : body.locals()) add_kept(*variable, body, functions, places, facts);
}

}  // namespace wml::extract
