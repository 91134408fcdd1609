#include "extract/whole_inputs.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/filled_from_file.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"
#include "extract/origins.h"

namespace wml::extract {
namespace {

/// `std::string(std::istreambuf_iterator<char>(file), {})`
bool is_made_of_stream(const clang::Expr& initialiser) {
  const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(initialiser));
  return construction != nullptr && construction->getNumArgs() >= 2 &&
         (is_standard(construction->getArg(0)->getType(), "istreambuf_iterator") ||
          is_standard(construction->getArg(0)->getType(), "istream_iterator"));
}

/// `buffer << file.rdbuf(); std::string text = buffer.str();`, and nothing else with the buffer.
bool is_made_of_buffer(const clang::Expr& initialiser, const FunctionBody& body) {
  const clang::CXXMemberCallExpr* whole = method_call(initialiser, "str");
  const auto* name =
      whole == nullptr ? nullptr
                       : llvm::dyn_cast<clang::DeclRefExpr>(whole->getImplicitObjectArgument()->IgnoreParenImpCasts());
  const auto* buffer = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  if (buffer == nullptr || !buffer->hasLocalStorage() || body.uses_of(*buffer).size() != 2) return false;
  return std::ranges::any_of(body.calls(), [&](const clang::Expr* call) {
    const auto* shift = llvm::dyn_cast<clang::CXXOperatorCallExpr>(call);
    if (shift == nullptr || shift->getOperator() != clang::OO_LessLess || shift->getNumArgs() != 2) return false;
    const auto* left = llvm::dyn_cast<clang::DeclRefExpr>(shift->getArg(0)->IgnoreParenImpCasts());
    return left != nullptr && left->getDecl() == buffer && method_call(*shift->getArg(1), "rdbuf") != nullptr;
  });
}

/// A use in a loop that goes through it from the front: `.size()`, or `[i]` for the `i` that the loop counts.
bool is_step(const clang::DeclRefExpr& use, const clang::VarDecl& counter, const FunctionBody& body) {
  const clang::Stmt* outer = body.parent(use);
  while (outer != nullptr && llvm::isa<clang::ImplicitCastExpr>(outer)) outer = body.parent(*outer);
  if (const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(outer))
    return member->getMemberDecl()->getIdentifier() != nullptr && member->getMemberDecl()->getName() == "size";
  const clang::Expr* at = nullptr;
  if (const auto* element = llvm::dyn_cast_or_null<clang::ArraySubscriptExpr>(outer)) at = element->getIdx();
  if (const auto* element = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
      element != nullptr && element->getOperator() == clang::OO_Subscript)
    at = element->getArg(1);
  const auto* index = at == nullptr ? nullptr : llvm::dyn_cast<clang::DeclRefExpr>(at->IgnoreParenImpCasts());
  const auto* element = llvm::dyn_cast_or_null<clang::Expr>(outer);
  if (index == nullptr || index->getDecl() != &counter || element == nullptr) return false;
  const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(body.parent(*element));
  return value != nullptr && (value->getCastKind() == clang::CK_LValueToRValue || value->getType().isConstQualified());
}

/// Whether a loop over objects keeps a pointer, a reference or a view to one of them.
bool keeps_element(const clang::CXXForRangeStmt& loop, const FunctionBody& body) {
  const clang::VarDecl& element = *loop.getLoopVariable();
  if (!element.getType()->isReferenceType() || !element.getType().getNonReferenceType()->isRecordType()) return false;
  return std::ranges::any_of(body.uses_of(element), [&](const clang::DeclRefExpr* use) {
    if (read_use(*use, body) != ReadUse::no) return false;
    const clang::Stmt* outer = outside_of(*use, body);
    const auto* call = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
    const bool is_key = call != nullptr && call->getOperator() == clang::OO_Subscript;
    return !is_key && !llvm::isa_and_nonnull<clang::CXXConstructExpr>(outer);
  });
}

/// `for (auto it = c.begin(); it != c.end(); ++it)`, where `it` is only read through.
bool is_iterated(const clang::Stmt& loop, const Uses& uses, const FunctionBody& body) {
  const auto* plain = llvm::dyn_cast<clang::ForStmt>(&loop);
  const auto* init = plain == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::DeclStmt>(plain->getInit());
  const auto* at =
      init == nullptr || !init->isSingleDecl() ? nullptr : llvm::dyn_cast<clang::VarDecl>(init->getSingleDecl());
  const auto named = [&](const clang::DeclRefExpr& use, const clang::Stmt* inside, llvm::StringRef name,
                         llvm::StringRef const_name) {
    const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(outside_of(use, body));
    const bool is = member != nullptr && member->getMemberDecl()->getIdentifier() != nullptr &&
                    (member->getMemberDecl()->getName() == name || member->getMemberDecl()->getName() == const_name);
    return is && inside != nullptr && body.is_inside(use, *inside);
  };
  if (at == nullptr || uses.size() != 2 || !named(*uses[0], init, "begin", "cbegin") ||
      !named(*uses[1], plain->getCond(), "end", "cend"))
    return false;
  return std::ranges::all_of(body.uses_of(*at), [&](const clang::DeclRefExpr* use) {
    const clang::Stmt* outer = outside_of(*use, body);
    const auto* call = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
    const auto* element = llvm::dyn_cast_or_null<clang::UnaryOperator>(outer);
    if (body.is_inside(*use, *plain->getCond())) return true;
    const bool steps = (call != nullptr && call->getOperator() == clang::OO_PlusPlus) ||
                       (element != nullptr && element->isIncrementOp());
    if (steps) return plain->getInc() != nullptr && body.is_inside(*use, *plain->getInc());
    const bool follows = (call != nullptr && call->getOperator() == clang::OO_Star) ||
                         (element != nullptr && element->getOpcode() == clang::UO_Deref);
    const auto* value = follows ? llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(body.parent(*outer)) : nullptr;
    return value != nullptr &&
           (value->getCastKind() == clang::CK_LValueToRValue || value->getType().isConstQualified());
  });
}

/// The one loop that walks the container in `uses`, and only reads it.
const clang::Stmt* only_walk(const clang::VarDecl& variable, const Uses& uses, const FunctionBody& body) {
  if (uses.empty()) return nullptr;
  const clang::Stmt* loop = uses.front();
  while (loop != nullptr && !llvm::isa<clang::ForStmt, clang::CXXForRangeStmt>(loop)) loop = body.parent(*loop);
  if (loop == nullptr || body.parent(*loop) != body.parent(*body.declaration(variable))) return nullptr;
  if (const auto* range = llvm::dyn_cast<clang::CXXForRangeStmt>(loop))
    return uses.size() == 1 && range->getRangeInit() != nullptr &&
                   range->getRangeInit()->IgnoreParenImpCasts() == uses.front() &&
                   read_use(*uses.front(), body) != ReadUse::no && !keeps_element(*range, body)
               ? loop
               : nullptr;
  const CountingLoop counting = counting_loop(*loop, body);
  if (counting.variable == nullptr) return is_iterated(*loop, uses, body) ? loop : nullptr;
  const bool steps = std::ranges::all_of(uses, [&](const clang::DeclRefExpr* use) {
    // In a loop inside this one an element would be read again, which is still the same element: no walk of its own.
    return body.is_inside(*use, *loop) && is_step(*use, *counting.variable, body);
  });
  return steps ? loop : nullptr;
}

/// `while (std::getline(file, line)) lines.push_back(line);`: the use that is left is the walk.
std::optional<Uses> uses_after_lines(const clang::VarDecl& variable, const FunctionBody& body) {
  const Uses& uses = body.uses_of(variable);
  const auto* made = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(variable.getInit());
  if (uses.size() != 2 || made == nullptr || made->getNumArgs() != 0) return std::nullopt;
  const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(body.parent(*uses.front()));
  const auto* append = member == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::Expr>(body.parent(*member));
  if (append == nullptr || method_call(*append, "push_back") == nullptr) return std::nullopt;
  const auto* loop = llvm::dyn_cast_or_null<clang::WhileStmt>(body.loop_around(*append));
  const bool reads_lines = loop != nullptr && std::ranges::any_of(body.calls(), [&](const clang::Expr* call) {
                             const clang::FunctionDecl* callee = callee_of(*call);
                             return callee != nullptr && callee->isInStdNamespace() &&
                                    callee->getIdentifier() != nullptr && callee->getName() == "getline" &&
                                    body.is_inside(*call, *loop->getCond());
                           });
  return reads_lines ? std::optional(Uses{uses.back()}) : std::nullopt;
}

/// The uses of a container of a whole stream, without those that fill it.
std::optional<Uses> uses_of_whole_input(const clang::VarDecl& variable, const FunctionBody& body,
                                        const Functions& functions) {
  const clang::QualType type = variable.getType();
  if (variable.getInit() == nullptr) return std::nullopt;
  if (type->isPointerType() || as_standard(type, "unique_ptr") != nullptr)
    return uses_after_filling(variable, body, functions);
  if (!is_string(type) && !is_vector(type)) return std::nullopt;
  if (is_made_of_stream(*variable.getInit()) || is_made_of_buffer(*variable.getInit(), body))
    return body.uses_of(variable);
  const auto lines = uses_after_lines(variable, body);
  return lines ? lines : uses_after_filling(variable, body, functions);
}

}  // namespace

void add_whole_inputs(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                      std::vector<WholeInputFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  for (const clang::VarDecl* variable : body.locals()) {
    const clang::QualType type = variable->getType();
    const auto uses =
        variable->getLocation().isMacroID() ? std::nullopt : uses_of_whole_input(*variable, body, functions);
    const clang::Stmt* walk = uses ? only_walk(*variable, *uses, body) : nullptr;
    if (walk == nullptr) continue;
    facts.push_back({variable->getNameAsString(), type_text(type, functions.context()),
                     function.getQualifiedNameAsString(), places.of(variable->getLocation()),
                     places.of(walk->getBeginLoc())});
  }
}

}  // namespace wml::extract
