#include "extract/whole_inputs.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

bool is_standard(clang::QualType type, llvm::StringRef name) {
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr && record->getName() == name;
}

const clang::CXXMemberCallExpr* method_call(const clang::Expr& expression, llvm::StringRef name) {
  const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&without_wrapping(expression));
  const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  return method != nullptr && method->getIdentifier() != nullptr && method->getName() == name ? call : nullptr;
}

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
  const auto* name = whole == nullptr ? nullptr
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
  const auto* subscript = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(outer);
  if (subscript == nullptr || subscript->getOperator() != clang::OO_Subscript) return false;
  const auto* index = llvm::dyn_cast<clang::DeclRefExpr>(subscript->getArg(1)->IgnoreParenImpCasts());
  return index != nullptr && index->getDecl() == &counter;
}

/// The one loop that walks the container, where nothing else names it.
const clang::Stmt* only_walk(const clang::VarDecl& variable, const FunctionBody& body) {
  const std::vector<const clang::DeclRefExpr*>& uses = body.uses_of(variable);
  if (uses.empty() || read_use(variable, body) == ReadUse::no) return nullptr;
  const clang::Stmt* loop = uses.front();
  while (loop != nullptr && !llvm::isa<clang::ForStmt, clang::CXXForRangeStmt>(loop)) loop = body.parent(*loop);
  if (loop == nullptr || body.parent(*loop) != body.parent(*body.declaration(variable))) return nullptr;
  if (const auto* range = llvm::dyn_cast<clang::CXXForRangeStmt>(loop))
    return uses.size() == 1 && range->getRangeInit() != nullptr && range->getRangeInit()->IgnoreParenImpCasts() == uses.front()
               ? loop
               : nullptr;
  const CountingLoop counting = counting_loop(*loop, body);
  if (counting.variable == nullptr) return nullptr;
  const bool steps = std::ranges::all_of(uses, [&](const clang::DeclRefExpr* use) {
    // In a loop inside this one an element would be read again, which is still the same element: no walk of its own.
    return body.is_inside(*use, *loop) && is_step(*use, *counting.variable, body);
  });
  return steps ? loop : nullptr;
}

}  // namespace

void add_whole_inputs(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                      std::vector<WholeInputFact>& facts) {
  const FunctionBody& body = functions.body_of(function);
  for (const clang::VarDecl* variable : body.locals()) {
    const clang::QualType type = variable->getType();
    if (variable->getLocation().isMacroID() || variable->getInit() == nullptr || (!is_string(type) && !is_vector(type)) ||
        (!is_made_of_stream(*variable->getInit()) && !is_made_of_buffer(*variable->getInit(), body)))
      continue;
    const clang::Stmt* walk = only_walk(*variable, body);
    if (walk == nullptr) continue;
    facts.push_back({variable->getNameAsString(), type_text(type, functions.context()),
                     function.getQualifiedNameAsString(), places.of(variable->getLocation()), places.of(walk->getBeginLoc())});
  }
}

}  // namespace wml::extract
