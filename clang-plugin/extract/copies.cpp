#include "extract/copies.h"

#include <algorithm>

#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"
#include "extract/borrowing_functions.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

/// Where a call of the unit copies an object into a parameter.
using CopiedInto = llvm::DenseMap<const clang::ParmVarDecl*, clang::SourceLocation>;

bool may_allocate(clang::QualType type) {
  const HeapCopy cost = copy_allocates(type);
  return cost == HeapCopy::yes || cost == HeapCopy::if_long;
}

class CopyReader {
public:
  CopyReader(const Functions& functions, const Places& places, std::vector<CopyFact>& facts)
      : functions_(functions), places_(places), facts_(facts) {}

  void read_parameters(const clang::FunctionDecl& function, const CopiedInto& copied);
  void read_locals(const clang::FunctionDecl& function);

private:
  CopyFact fact_of(CopyKind kind, const clang::VarDecl& variable, const FunctionBody& body) const;
  void add_loop(CopyFact& fact, const clang::Stmt& node, const FunctionBody& body) const;
  void read_range_loop(const clang::CXXForRangeStmt& loop, const FunctionBody& body);
  void read_initialisation(const clang::VarDecl& variable, const FunctionBody& body);
  void read_borrowed(const clang::VarDecl& variable, const clang::CallExpr& call, const FunctionBody& body);

  const Functions& functions_;
  const Places& places_;
  std::vector<CopyFact>& facts_;
};

CopyFact CopyReader::fact_of(CopyKind kind, const clang::VarDecl& variable, const FunctionBody& body) const {
  CopyFact fact;
  const clang::QualType type = variable.getType().getNonReferenceType();
  fact.kind = kind;
  fact.name = variable.getNameAsString();
  fact.type = type_text(type, functions_.context());
  fact.function = body.function().getQualifiedNameAsString();
  fact.where = places_.of(variable.getLocation());
  fact.contiguous = is_string(type) || is_vector(type);
  fact.only_if_long = copy_allocates(type) == HeapCopy::if_long;
  return fact;
}

void CopyReader::add_loop(CopyFact& fact, const clang::Stmt& node, const FunctionBody& body) const {
  const clang::Stmt* loop = body.loop_around(node);
  if (loop == nullptr) return;
  fact.loop = places_.of(loop->getBeginLoc());
  fact.iterations = iterations_of(*loop, body, functions_.context());
}

void CopyReader::read_parameters(const clang::FunctionDecl& function, const CopiedInto& copied) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  const bool fixed = (method != nullptr && (method->isVirtual() || method->getParent()->isLambda())) || function.isMain() ||
                     function.isOverloadedOperator() || function.isExternC() ||
                     llvm::isa<clang::CXXConstructorDecl>(function) ||
                     function.hasAttr<clang::WebAssemblyExportNameAttr>() || function.hasAttr<clang::UsedAttr>();
  if (fixed) return;
  const FunctionBody& body = functions_.body_of(function);
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    const auto* declared = function.getCanonicalDecl()->getParamDecl(parameter->getFunctionScopeIndex());
    const auto call = copied.find(declared);
    if (call == copied.end() || parameter->getType()->isReferenceType() || !may_allocate(parameter->getType()) ||
        parameter->getName().empty() || parameter->getLocation().isMacroID() || read_use(*parameter, body) == ReadUse::no ||
        functions_.is_named_without_call(function))
      continue;
    CopyFact fact = fact_of(CopyKind::parameter, *parameter, body);
    fact.callee_where = places_.of(call->second);
    facts_.push_back(std::move(fact));
  }
}

void CopyReader::read_range_loop(const clang::CXXForRangeStmt& loop, const FunctionBody& body) {
  const clang::VarDecl* variable = loop.getLoopVariable();
  if (variable == nullptr || variable->getType()->isReferenceType() || variable->getInit() == nullptr ||
      variable->getLocation().isMacroID() || !may_allocate(variable->getType()) ||
      copied_lvalue(*variable->getInit()) == nullptr || read_use(*variable, body) == ReadUse::no)
    return;
  const clang::Expr* range = loop.getRangeInit();
  const clang::VarDecl* root = range == nullptr || !range->isLValue() ? nullptr : root_of(*range);
  if (root == nullptr) return;
  // Nothing in the loop but its own walk names the container, unless it cannot change.
  const bool named_inside = std::ranges::any_of(body.uses_of(*root), [&](const clang::DeclRefExpr* use) {
    return body.is_inside(*use, *loop.getBody());
  });
  const bool constant = root->getType().getNonReferenceType().isConstQualified();
  if (named_inside && !constant) return;
  if (root->getType()->isReferenceType() && !is_stable_after(*root, loop, body)) return;
  CopyFact fact = fact_of(CopyKind::range_for, *variable, body);
  if (const auto text = places_.text(range->getSourceRange())) fact.source = text->text;
  fact.loop = places_.of(loop.getBeginLoc());
  fact.iterations = iterations_of(loop, body, functions_.context());
  facts_.push_back(std::move(fact));
}

void CopyReader::read_initialisation(const clang::VarDecl& variable, const FunctionBody& body) {
  const clang::Expr* source = copied_lvalue(*variable.getInit());
  const clang::VarDecl* root = source == nullptr ? nullptr : root_of(*source);
  const clang::DeclStmt* statement = body.declaration(variable);
  if (root == nullptr || statement == nullptr || read_use(variable, body) == ReadUse::no ||
      !is_stable_after(*root, *statement, body))
    return;
  CopyFact fact = fact_of(CopyKind::initialisation, variable, body);
  if (const auto text = places_.text(source->getSourceRange())) fact.source = text->text;
  add_loop(fact, *statement, body);
  facts_.push_back(std::move(fact));
}

void CopyReader::read_borrowed(const clang::VarDecl& variable, const clang::CallExpr& call, const FunctionBody& body) {
  const clang::FunctionDecl* callee = callee_of(call);
  const auto borrowing = callee == nullptr ? std::nullopt : borrowing_of(*callee, functions_);
  const clang::DeclStmt* statement = body.declaration(variable);
  if (!borrowing || statement == nullptr || functions_.is_named_without_call(*callee)) return;
  const ReadUse use = read_use(variable, body);
  // A view does not go where a reference to the container is wanted.
  if (use == ReadUse::no || (borrowing->part && use == ReadUse::as_whole)) return;
  const clang::VarDecl* root = nullptr;
  if (borrowing->member != nullptr) {
    const auto* method = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
    const auto* member = method == nullptr ? nullptr : llvm::dyn_cast<clang::MemberExpr>(method->getCallee()->IgnoreParens());
    if (member == nullptr || member->isArrow()) return;
    root = root_of(*method->getImplicitObjectArgument());
  } else if (borrowing->parameter < call.getNumArgs()) {
    const clang::Expr* argument = call.getArg(borrowing->parameter);
    root = argument->isLValue() ? root_of(*argument) : nullptr;
  }
  if (root == nullptr || !is_stable_after(*root, *statement, body)) return;
  CopyFact fact = fact_of(borrowing->member == nullptr ? CopyKind::argument_result : CopyKind::member_result, variable, body);
  fact.source = borrowing->member == nullptr ? callee->getParamDecl(borrowing->parameter)->getNameAsString()
                                             : borrowing->member->getNameAsString();
  fact.callee = callee->getQualifiedNameAsString();
  fact.callee_where = places_.of(callee->getLocation());
  fact.part = borrowing->part;
  add_loop(fact, *statement, body);
  facts_.push_back(std::move(fact));
}

void CopyReader::read_locals(const clang::FunctionDecl& function) {
  const FunctionBody& body = functions_.body_of(function);
  for (const clang::CXXForRangeStmt* loop : body.range_loops()) read_range_loop(*loop, body);
  for (const clang::VarDecl* variable : body.locals()) {
    if (variable->getInit() == nullptr || variable->getType()->isReferenceType() || variable->getLocation().isMacroID() ||
        !may_allocate(variable->getType()))
      continue;
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&without_wrapping(*variable->getInit()))) {
      read_borrowed(*variable, *call, body);
    } else {
      read_initialisation(*variable, body);
    }
  }
}

void add_copied_arguments(const FunctionBody& body, CopiedInto& copied) {
  for (const clang::Expr* call : body.calls()) {
    const auto* plain = llvm::dyn_cast<clang::CallExpr>(call);
    const clang::FunctionDecl* callee = plain == nullptr ? nullptr : callee_of(*plain);
    if (callee == nullptr || llvm::isa<clang::CXXOperatorCallExpr>(call)) continue;
    const clang::FunctionDecl* first = callee->getCanonicalDecl();
    for (unsigned i = 0; i < plain->getNumArgs() && i < first->getNumParams(); ++i) {
      if (copied_lvalue(*plain->getArg(i)) != nullptr) copied.try_emplace(first->getParamDecl(i), plain->getArg(i)->getBeginLoc());
    }
  }
}

}  // namespace

std::vector<CopyFact> read_copies(const Functions& functions, const Places& places) {
  std::vector<CopyFact> facts;
  CopiedInto copied;
  CopyReader reader(functions, places, facts);
  for (const clang::FunctionDecl* function : functions.written())
    add_copied_arguments(functions.body_of(*function), copied);
  for (const clang::FunctionDecl* function : functions.written()) {
    if (functions.body_of(*function).is_opaque()) continue;
    reader.read_parameters(*function, copied);
    reader.read_locals(*function);
  }
  return facts;
}

}  // namespace wml::extract
