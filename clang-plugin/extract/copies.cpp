#include "extract/copies.h"

#include <algorithm>
#include <set>

#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"
#include "extract/allocations.h"
#include "extract/borrowed_results.h"
#include "extract/captured_copies.h"
#include "extract/changes.h"
#include "extract/heap_types.h"
#include "extract/missed_moves.h"
#include "extract/only_read.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

/// Calls of the unit that copy an object into a parameter.
struct CopyingCalls {
  clang::SourceLocation first;
  std::set<const clang::FunctionDecl*> callers;  ///< without those that end by it
  bool in_loop = false;
  std::optional<std::uint64_t> heap_bytes;  ///< of the first
};
using CopiedInto = llvm::DenseMap<const clang::ParmVarDecl*, CopyingCalls>;

class CopyReader {
public:
  CopyReader(const Functions& functions, const Places& places, std::vector<CopyFact>& facts)
      : functions_(functions), places_(places), facts_(facts) {}

  void read_parameters(const clang::FunctionDecl& function, const CopiedInto& copied);
  void read_locals(const clang::FunctionDecl& function);

private:
  CopyFact fact_of(CopyKind kind, const clang::VarDecl& variable, const FunctionBody& body) const {
    return copy_fact(kind, variable, body, functions_, places_);
  }
  void read_range_loop(const clang::CXXForRangeStmt& loop, const FunctionBody& body);
  void read_converted(const clang::VarDecl& variable, const clang::CXXForRangeStmt& loop, const FunctionBody& body);
  void read_initialisation(const clang::VarDecl& variable, const FunctionBody& body);

  const Functions& functions_;
  const Places& places_;
  std::vector<CopyFact>& facts_;
};

/// Bytes in the heap of a local container that was made with a constant size and keeps it.
std::optional<std::uint64_t> heap_bytes_of(const clang::Expr& object, const FunctionBody& body,
                                           const Functions& functions) {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(object.IgnoreParenImpCasts());
  const auto* variable = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  if (variable == nullptr || variable->getInit() == nullptr || !variable->hasLocalStorage()) return std::nullopt;
  const auto resizes = [&](const clang::DeclRefExpr* use) {
    const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(body.parent(*use));
    const auto* method = member == nullptr ? nullptr : llvm::dyn_cast<clang::CXXMethodDecl>(member->getMemberDecl());
    return method != nullptr && !method->isConst() && !reads_in_both_forms(*method);
  };
  if (std::ranges::any_of(body.uses_of(*variable), resizes)) return std::nullopt;
  const auto request = request_of(*variable->getInit(), functions);
  return request ? request->bytes : std::nullopt;
}

/// Its signature is fixed by others.
bool has_fixed_type(const clang::FunctionDecl& function) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  return (method != nullptr && (method->isVirtual() || method->getParent()->isLambda())) || function.isMain() ||
         function.isOverloadedOperator() || function.isExternC() ||
         function.hasAttr<clang::WebAssemblyExportNameAttr>() || function.hasAttr<clang::UsedAttr>();
}

void CopyReader::read_parameters(const clang::FunctionDecl& function, const CopiedInto& copied) {
  if (has_fixed_type(function) || llvm::isa<clang::CXXConstructorDecl>(function)) return;
  const FunctionBody& body = functions_.body_of(function);
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    const auto* declared = function.getCanonicalDecl()->getParamDecl(parameter->getFunctionScopeIndex());
    const auto calls = copied.find(declared);
    if (calls == copied.end() || parameter->getType()->isReferenceType() || !may_allocate(parameter->getType()) ||
        parameter->getName().empty() || parameter->getLocation().isMacroID() ||
        read_use(*parameter, body) == ReadUse::no || functions_.is_named_without_call(function))
      continue;
    // One string for the time of one call is not worth a word.
    const CopyingCalls& sites = calls->second;
    if (copy_allocates(parameter->getType()) == HeapCopy::if_long && !sites.in_loop && sites.callers.size() < 2)
      continue;
    // The caller's object may be one that anybody reaches.
    if (!stays_while_used(*parameter, Origin{nullptr, false}, parameter->getType(), body, functions_)) continue;
    CopyFact fact = fact_of(CopyKind::parameter, *parameter, body);
    fact.callee_where = places_.of(sites.first);
    fact.heap_bytes = sites.heap_bytes;
    facts_.push_back(std::move(fact));
  }
}

/// `for (const std::pair<std::string, int>& entry : map)`: the elements are pairs of const std::string, so that each is
/// copied into a temporary pair.
void CopyReader::read_converted(const clang::VarDecl& variable, const clang::CXXForRangeStmt& loop,
                                const FunctionBody& body) {
  const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(*variable.getInit()));
  if (construction == nullptr || construction->getNumArgs() != 1 || !construction->getArg(0)->isLValue() ||
      read_use(variable, body) != ReadUse::by_parts)
    return;
  const clang::QualType element = construction->getArg(0)->getType();
  if (!is_standard(element, "pair") || !is_standard(construction->getType(), "pair") || !may_allocate(element)) return;
  CopyFact fact = fact_of(CopyKind::range_conversion, variable, body);
  fact.source = type_text(element, functions_.context());
  fact.loop = places_.of(loop.getBeginLoc());
  fact.iterations = iterations_of(loop, body, functions_.context());
  facts_.push_back(std::move(fact));
}

void CopyReader::read_range_loop(const clang::CXXForRangeStmt& loop, const FunctionBody& body) {
  const clang::VarDecl* variable = loop.getLoopVariable();
  const clang::Expr* range = loop.getRangeInit();
  if (variable == nullptr || variable->getInit() == nullptr || variable->getLocation().isMacroID() || range == nullptr)
    return;
  if (variable->getType()->isReferenceType()) return read_converted(*variable, loop, body);
  if (!may_allocate(variable->getType()) || copied_lvalue(*variable->getInit()) == nullptr ||
      read_use(*variable, body) == ReadUse::no)
    return;
  const auto origin = range->isLValue() ? origin_of(*range) : std::nullopt;
  if (!origin || !stays_while_used(*variable, *origin, variable->getType(), body, functions_)) return;
  CopyFact fact = fact_of(CopyKind::range_for, *variable, body);
  if (const auto text = places_.text(range->getSourceRange())) fact.source = text->text;
  fact.loop = places_.of(loop.getBeginLoc());
  fact.iterations = iterations_of(loop, body, functions_.context());
  facts_.push_back(std::move(fact));
}

/// `map["x"]` too: what it refers to stays where it is.
std::optional<Origin> origin_of_copied(const clang::Expr& source) {
  const auto* entry = llvm::dyn_cast<clang::CXXOperatorCallExpr>(source.IgnoreParenImpCasts());
  const bool of_map =
      entry != nullptr && entry->getOperator() == clang::OO_Subscript &&
      (is_standard(entry->getArg(0)->getType(), "map") || is_standard(entry->getArg(0)->getType(), "unordered_map"));
  return origin_of(of_map ? *entry->getArg(0) : source);
}

/// The variables that an expression names.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression
void add_named(const clang::Stmt& expression, std::vector<const clang::VarDecl*>& variables) {
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&expression)) {
    if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(name->getDecl())) variables.push_back(variable);
  }
  for (const clang::Stmt* child : expression.children()) {
    if (child != nullptr) add_named(*child, variables);
  }
}

/// Whether what is copied is taken out of its container while the copy has its name: a reference of that name would be
/// one to nothing, and a trap for whoever uses it later.
bool is_taken_out(const clang::Expr& source, const clang::DeclStmt& declaration, const FunctionBody& body) {
  static const llvm::StringSet<> names = {"erase", "extract", "pop", "pop_back", "pop_front", "clear"};
  const clang::Stmt* scope = body.parent(declaration);
  std::vector<const clang::VarDecl*> variables;
  add_named(source, variables);
  return std::ranges::any_of(body.calls(), [&](const clang::Expr* call) {
    const auto* taken = llvm::dyn_cast<clang::CXXMemberCallExpr>(call);
    const clang::CXXMethodDecl* method = taken == nullptr ? nullptr : taken->getMethodDecl();
    if (method == nullptr || method->getIdentifier() == nullptr || !names.contains(method->getName()) ||
        !body.is_inside(*call, *scope))
      return false;
    return std::ranges::any_of(variables, [&](const clang::VarDecl* variable) {
      return std::ranges::any_of(body.uses_of(*variable),
                                 [&](const clang::DeclRefExpr* use) { return body.is_inside(*use, *call); });
    });
  });
}

void CopyReader::read_initialisation(const clang::VarDecl& variable, const FunctionBody& body) {
  const clang::Expr* source = copied_lvalue(*variable.getInit());
  const clang::DeclStmt* statement = body.declaration(variable);
  if (source == nullptr || statement == nullptr || read_use(variable, body) == ReadUse::no) return;
  if (is_taken_out(*source, *statement, body)) return;
  const auto origin = origin_of_copied(*source);
  if (!origin || !stays_while_used(variable, *origin, variable.getType(), body, functions_)) return;
  CopyFact fact = fact_of(CopyKind::initialisation, variable, body);
  if (const auto text = places_.text(source->getSourceRange())) fact.source = text->text;
  fact.heap_bytes = heap_bytes_of(*source, body, functions_);
  add_loop(fact, *statement, body, functions_, places_);
  facts_.push_back(std::move(fact));
}

void CopyReader::read_locals(const clang::FunctionDecl& function) {
  const FunctionBody& body = functions_.body_of(function);
  for (const clang::CXXForRangeStmt* loop : body.range_loops()) read_range_loop(*loop, body);
  for (const clang::VarDecl* variable : body.locals()) {
    if (variable->getInit() != nullptr && !variable->getType()->isReferenceType() &&
        !variable->getLocation().isMacroID() && may_allocate(variable->getType()))
      read_initialisation(*variable, body);
  }
}

/// `return fail(text);`: most often on the way out with an error.
bool ends_its_function(const clang::Expr& call, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(call);
  while (outer != nullptr &&
         llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::FullExpr, clang::CXXConstructExpr,
                   clang::MaterializeTemporaryExpr, clang::CXXBindTemporaryExpr>(outer))
    outer = body.parent(*outer);
  return outer != nullptr && llvm::isa<clang::ReturnStmt>(outer);
}

void add_copied_arguments(const FunctionBody& body, const Functions& functions, CopiedInto& copied) {
  for (const clang::Expr* call : body.calls()) {
    const auto* plain = llvm::dyn_cast<clang::CallExpr>(call);
    const clang::FunctionDecl* callee = plain == nullptr ? nullptr : callee_of(*plain);
    if (callee == nullptr || llvm::isa<clang::CXXOperatorCallExpr>(call)) continue;
    const clang::FunctionDecl* first = callee->getCanonicalDecl();
    for (unsigned i = 0; i < plain->getNumArgs() && i < first->getNumParams(); ++i) {
      const clang::Expr* source = copied_lvalue(*plain->getArg(i));
      if (source == nullptr) continue;
      CopyingCalls& calls = copied[first->getParamDecl(i)];
      if (calls.first.isInvalid()) {
        calls.first = plain->getArg(i)->getBeginLoc();
        calls.heap_bytes = heap_bytes_of(*source, body, functions);
      }
      if (!ends_its_function(*call, body)) calls.callers.insert(&body.function());
      calls.in_loop |= body.loop_around(*call) != nullptr;
    }
  }
}

}  // namespace

bool may_allocate(clang::QualType type) {
  const HeapCopy cost = copy_allocates(type);
  return cost == HeapCopy::yes || cost == HeapCopy::if_long;
}

CopyFact copy_fact(CopyKind kind, const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions,
                   const Places& places) {
  CopyFact fact;
  const clang::QualType type = variable.getType().getNonReferenceType();
  fact.kind = kind;
  fact.name = variable.getNameAsString();
  fact.type = type_text(type, functions.context());
  fact.function = body.function().getQualifiedNameAsString();
  fact.where = places.of(variable.getLocation());
  fact.contiguous = is_string(type) || is_vector(type);
  if (copy_allocates(type) == HeapCopy::if_long) fact.short_characters = small_string_bytes(functions.context());
  return fact;
}

void add_loop(CopyFact& fact, const clang::Stmt& node, const FunctionBody& body, const Functions& functions,
              const Places& places) {
  const clang::Stmt* loop = body.loop_around(node);
  if (loop == nullptr) return;
  fact.loop = places.of(loop->getBeginLoc());
  fact.iterations = iterations_of(*loop, body, functions.context());
}

std::vector<CopyFact> read_copies(const Functions& functions, const Places& places) {
  std::vector<CopyFact> facts;
  CopiedInto copied;
  CopyReader reader(functions, places, facts);
  for (const clang::FunctionDecl* function : functions.written())
    add_copied_arguments(functions.body_of(*function), functions, copied);
  for (const clang::FunctionDecl* function : functions.written()) {
    if (functions.body_of(*function).is_opaque()) continue;
    reader.read_parameters(*function, copied);
    reader.read_locals(*function);
    add_borrowed_results(*function, functions, places, facts);
    add_missed_moves(*function, functions, places, facts);
    add_captured_copies(*function, functions, places, facts);
  }
  return facts;
}

}  // namespace wml::extract
