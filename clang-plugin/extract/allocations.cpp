#include "extract/allocations.h"

#include <algorithm>

#include "clang/Lex/Lexer.h"
#include "extract/heap_types.h"
#include "extract/memory_uses.h"

namespace wml::extract {
namespace {

/// What a variable's memory is asked for by, and where.
struct Owned {
  const clang::VarDecl* variable = nullptr;
  const clang::DeclStmt* declaration = nullptr;
  Request request;
  MemoryUses uses;
};

bool is_owner(clang::QualType type) { return as_standard(type, "unique_ptr") != nullptr || growing_form(type); }

/// A container that starts empty and grows: what it asks for is what it grows to.
std::optional<Request> request_by_growth(const clang::VarDecl& variable, const MemoryUses& uses,
                                         const Functions& functions) {
  const auto form = growing_form(variable.getType());
  const auto* construction = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(variable.getInit());
  if (functions.replaces_new() || construction == nullptr || construction->getNumArgs() > 0 || uses.growth.empty() ||
      !form)
    return std::nullopt;
  const clang::QualType element = element_type(variable.getType());
  if (element.isNull() || element->isBooleanType() || element->isIncompleteType()) return std::nullopt;
  if (form == AllocationForm::string && uses.grown_to <= small_string_bytes(functions.context())) return std::nullopt;
  Request request{*form, element, nullptr, std::nullopt, true};
  if (!uses.grows_anyhow)
    request.bytes =
        uses.grown_to * static_cast<std::uint64_t>(functions.context().getTypeSizeInChars(element).getQuantity());
  return request;
}

std::optional<Owned> owned_by(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions) {
  Owned owned{&variable, body.declaration(variable), {}, {}};
  const clang::QualType type = variable.getType();
  if (owned.declaration == nullptr || type->isReferenceType()) return std::nullopt;
  std::optional<Request> request;
  if (type->isPointerType()) {
    // Cheap first: most pointers own nothing.
    const bool later = variable.getInit() == nullptr;
    if (!later) request = request_of(*variable.getInit(), functions);
    if (!later && !request) return std::nullopt;
    owned.uses = uses_of_pointer(variable, body, functions);
    if (later && owned.uses.assignment != nullptr) request = request_of(*owned.uses.assignment->getRHS(), functions);
    if (!later && owned.uses.assignment != nullptr) return std::nullopt;
    const bool by_pointer =
        request && (request->form == AllocationForm::malloc || request->form == AllocationForm::new_array ||
                    request->form == AllocationForm::new_object);
    if (!by_pointer || owned.uses.releases.empty() || owned.uses.reach == Reach::unknown) return std::nullopt;
  } else if (is_owner(type)) {
    owned.uses = uses_of_owner(variable, body, functions);
    if (owned.uses.reach == Reach::unknown || variable.getInit() == nullptr) return std::nullopt;
    request = request_of(*variable.getInit(), functions);
    if (!request) request = request_by_growth(variable, owned.uses, functions);
  }
  if (!request) return std::nullopt;
  owned.request = *request;
  // Constructors and destructors may hand on the address of what they make, and run at another time when it moves.
  if (!request->element.isNull() && !is_plain_data(request->element, functions.context())) {
    if (type->isPointerType()) return std::nullopt;
    owned.uses.reach =
        std::min(owned.uses.reach, request->form == AllocationForm::unique_object ? Reach::scoped : Reach::shown);
  }
  return owned;
}

/// Whether some growth happens whenever the declaration is reached.
bool grows_always(const Owned& owned, const FunctionBody& body) {
  const clang::Stmt* block = body.parent(*owned.declaration);
  return std::ranges::any_of(owned.uses.growth, [&](const clang::Expr* growth) {
    const clang::Stmt* at = body.parent(*growth);
    while (at != nullptr && at != block &&
           llvm::isa<clang::CompoundStmt, clang::ExprWithCleanups, clang::ForStmt, clang::CXXForRangeStmt>(at))
      at = body.parent(*at);
    return at == block;
  });
}

/// The loop that makes and drops the memory in each iteration.
const clang::Stmt* dropping_loop(const Owned& owned, const FunctionBody& body) {
  const clang::Stmt* loop = body.loop_around(*owned.declaration);
  if (loop == nullptr) return nullptr;
  const bool starts_empty = owned.request.count == nullptr && growing_form(owned.variable->getType());
  return starts_empty && !grows_always(owned, body) ? nullptr : loop;
}

/// Whether a number is the same in each iteration of a loop: it is made of constants and of variables whose values the
/// function only reads in the loop, and of which nothing has the address.
bool is_steady(const clang::Stmt& node, const clang::Stmt& loop, const FunctionBody& body) {
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&node)) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(name->getDecl());
    if (variable == nullptr) return llvm::isa<clang::EnumConstantDecl>(name->getDecl());
    const clang::DeclStmt* declaration = body.declaration(*variable);
    if (!variable->hasLocalStorage() || variable->getType()->isReferenceType() ||
        variable->getType().isVolatileQualified() || (declaration != nullptr && body.is_inside(*declaration, loop)))
      return false;
    return std::ranges::all_of(body.uses_of(*variable), [&](const clang::DeclRefExpr* use) {
      const clang::Stmt* outer = body.parent(*use);
      const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(outer);
      const auto* assignment = llvm::dyn_cast_or_null<clang::BinaryOperator>(outer);
      const bool sets = assignment != nullptr && assignment->isAssignmentOp() && assignment->getLHS() == use;
      return (value != nullptr && value->getCastKind() == clang::CK_LValueToRValue) ||
             (sets && !body.is_inside(*use, loop) && !use->refersToEnclosingVariableOrCapture());
    });
  }
  if (llvm::isa<clang::UnaryExprOrTypeTraitExpr, clang::IntegerLiteral>(node)) return true;
  const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(&node);
  const bool computes = llvm::isa<clang::CastExpr, clang::ParenExpr, clang::BinaryOperator>(node) ||
                        (unary != nullptr && unary->isArithmeticOp() && !unary->isIncrementDecrementOp());
  return computes && std::ranges::all_of(node.children(), [&](const clang::Stmt* child) {
           return child != nullptr && is_steady(*child, loop, body);
         });
}

std::optional<std::uint64_t> most_requested(const clang::Stmt& statement, const Functions& functions, int depth) {
  std::optional<std::uint64_t> most;
  if (const auto* expression = llvm::dyn_cast<clang::Expr>(&statement)) {
    if (const auto request = request_of(*expression, functions)) most = request->bytes;
    const auto* call = llvm::dyn_cast<clang::CallExpr>(expression);
    const clang::FunctionDecl* callee = call == nullptr ? nullptr : callee_of(*call);
    const clang::FunctionDecl* definition = nullptr;
    if (depth > 0 && callee != nullptr && callee->hasBody(definition) && !definition->isDependentContext() &&
        !functions.context().getSourceManager().isInSystemHeader(definition->getLocation()))
      most = std::max(most, most_requested(*definition->getBody(), functions, depth - 1));
  }
  for (const clang::Stmt* child : statement.children()) {
    if (child != nullptr) most = std::max(most, most_requested(*child, functions, depth));
  }
  return most;
}

/// Statements of the variable's own block run in their order, so what follows the last one that names it does not need
/// it: nothing keeps a pointer to it.
std::optional<IdleStretch> idle_stretch(const Owned& owned, const FunctionBody& body, const Functions& functions,
                                        const Places& places) {
  constexpr int kCallsDeep = 2;
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body.parent(*owned.declaration));
  if (block == nullptr || owned.uses.reach != Reach::confined || body.has_labels() || owned.uses.assignment != nullptr)
    return std::nullopt;
  const clang::Stmt* last_use = nullptr;
  std::vector<const clang::Stmt*> after;
  for (const clang::Stmt* statement : block->body()) {
    bool uses = false;
    bool releases = false;
    for (const clang::DeclRefExpr* name : body.uses_of(*owned.variable)) {
      if (!body.is_inside(*name, *statement)) continue;
      const bool release = std::ranges::any_of(owned.uses.releases,
                                               [&](const clang::Expr* call) { return body.is_inside(*name, *call); });
      (release ? releases : uses) = true;
    }
    if (uses || statement == owned.declaration) {
      last_use = statement;
      after.clear();
    } else if (releases) {
      break;  // freed here
    } else if (last_use != nullptr) {
      after.push_back(statement);
    }
  }
  if (last_use == nullptr || last_use == owned.declaration) return std::nullopt;
  for (const clang::Stmt* statement : after) {
    const auto most = most_requested(*statement, functions, kCallsDeep);
    if (most && *most > 0)
      return IdleStretch{places.of(last_use->getBeginLoc()), places.of(statement->getBeginLoc()), *most};
  }
  return std::nullopt;
}

bool can_be_array(const Owned& owned, const clang::ASTContext& context) {
  const AllocationForm form = owned.request.form;
  const bool array =
      form == AllocationForm::new_array || form == AllocationForm::unique_array || form == AllocationForm::vector;
  if (!array || !owned.request.bytes || owned.request.count == nullptr || owned.uses.resized ||
      owned.uses.assignment != nullptr || owned.uses.null_tested || owned.variable->getType().isConstQualified())
    return false;
  const clang::QualType element = owned.request.element;
  if (!is_plain_data(element, context) || element->isArrayType() || element->isFunctionPointerType() ||
      element->isMemberPointerType() || element->isAnyPointerType())
    return false;
  // A pointer to an array's first element is what the array decays to; the other owners have functions of their own.
  return form == AllocationForm::new_array || owned.uses.subscripts_only;
}

/// The range of characters that a statement takes: its whole line where it has that to itself, with a comment behind
/// it and the line break before it (Clang's rewriters drop a blank that would follow what is removed).
clang::SourceRange line_of(clang::SourceRange statement, const clang::SourceManager& sources) {
  const auto [file, begin] = sources.getDecomposedLoc(statement.getBegin());
  const unsigned end = sources.getFileOffset(statement.getEnd());
  const llvm::StringRef text = sources.getBufferData(file);
  const std::size_t line = text.substr(0, begin).rfind('\n') + 1;
  if (line == 0) return statement;
  const std::size_t newline = text.find('\n', end);
  if (newline == llvm::StringRef::npos || !text.slice(line, begin).trim(" \t").empty()) return statement;
  const llvm::StringRef behind = text.slice(end + 1, newline).trim();
  if (!behind.empty() && !behind.starts_with("//")) return statement;
  const auto at = [&](std::size_t offset) {
    return sources.getLocForStartOfFile(file).getLocWithOffset(static_cast<clang::SourceLocation::IntTy>(offset));
  };
  return {at(line - 1), at(newline - 1)};
}

std::optional<StackEdit> stack_edit(const Owned& owned, const FunctionBody& body, const Functions& functions,
                                    const Places& places) {
  const clang::ASTContext& context = functions.context();
  if (!can_be_array(owned, context)) return std::nullopt;
  const auto written = places.text(owned.declaration->getSourceRange());
  const auto count = places.text(owned.request.count->getSourceRange());
  if (!written || !count || !llvm::StringRef(written->text).ends_with(";") || owned.variable->hasAttrs())
    return std::nullopt;
  const bool zeroed = owned.request.zeroed;
  if (owned.request.form == AllocationForm::vector && !zeroed) return std::nullopt;
  const std::string text = type_text(owned.request.element, context) + " " + owned.variable->getNameAsString() + "[" +
                           count->text + "]" + (zeroed ? " = {};" : ";");
  StackEdit edit{places.of(owned.declaration->getBeginLoc()), written->text.size(), text, std::nullopt, 0};
  if (owned.request.form != AllocationForm::new_array) return edit;
  if (owned.uses.releases.size() != 1) return std::nullopt;
  const clang::Expr& release = *owned.uses.releases.front();
  const auto freed = places.text(release.getSourceRange());
  const auto next = clang::Lexer::findNextToken(release.getEndLoc(), places.sources(), places.language());
  if (!freed || !next || !next->is(clang::tok::semi) ||
      !llvm::isa_and_nonnull<clang::CompoundStmt>(body.parent(release)))
    return std::nullopt;
  const clang::SourceRange whole = line_of({release.getBeginLoc(), next->getLocation()}, places.sources());
  edit.release = places.of(whole.getBegin());
  edit.release_length = places.of(whole.getEnd()).offset + 1 - edit.release->offset;
  return edit;
}

AllocationFact fact_of(const Owned& owned, const FunctionBody& body, const Functions& functions, const Places& places) {
  const clang::ASTContext& context = functions.context();
  AllocationFact fact;
  fact.form = owned.request.form;
  fact.reach = owned.uses.reach;
  fact.name = owned.variable->getNameAsString();
  fact.type = type_text(owned.variable->getType(), context);
  if (!owned.request.element.isNull()) fact.element = type_text(owned.request.element, context);
  fact.function = body.function().getQualifiedNameAsString();
  fact.where = places.of(owned.variable->getLocation());
  fact.bytes = owned.request.bytes;
  if (owned.request.count != nullptr) {
    if (const auto text = places.text(owned.request.count->getSourceRange())) fact.size_text = text->text;
  }
  fact.kept_by_optimiser = owned.uses.survives_optimiser();
  fact.recursive = functions.is_recursive(body.function());
  fact.resized = owned.uses.resized;
  fact.zeroed = owned.request.zeroed;
  if (const clang::Stmt* loop = dropping_loop(owned, body)) {
    fact.steady = !fact.bytes && owned.request.count != nullptr && is_steady(*owned.request.count, *loop, body);
    fact.loop = places.of(loop->getBeginLoc());
    fact.iterations = iterations_of(*loop, body, context);
  }
  fact.idle = idle_stretch(owned, body, functions, places);
  fact.stack_edit = stack_edit(owned, body, functions, places);
  return fact;
}

}  // namespace

AllocationFact growth_in_loop(AllocationForm form, Reach reach, const clang::VarDecl& variable,
                              clang::SourceLocation where, const clang::Stmt& loop, const FunctionBody& body,
                              const Functions& functions, const Places& places) {
  AllocationFact fact;
  fact.form = form;
  fact.reach = reach;
  fact.name = variable.getNameAsString();
  fact.type = type_text(variable.getType().getNonReferenceType(), functions.context());
  fact.function = body.function().getQualifiedNameAsString();
  fact.where = places.of(where);
  fact.kept_by_optimiser = true;
  fact.resized = true;
  fact.loop = places.of(loop.getBeginLoc());
  fact.iterations = iterations_of(loop, body, functions.context());
  return fact;
}

void add_allocations(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                     std::vector<AllocationFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  const bool requests = std::ranges::any_of(
      body.calls(), [&](const clang::Expr* call) { return request_of(*call, functions).has_value(); });
  for (const clang::VarDecl* variable : body.locals()) {
    if (variable->getLocation().isMacroID()) continue;
    if (!requests && variable->getType()->isPointerType()) continue;  // most functions ask for no memory
    if (const auto owned = owned_by(*variable, body, functions))
      facts.push_back(fact_of(*owned, body, functions, places));
  }
}

}  // namespace wml::extract
