#include "extract/borrowing_functions.h"

#include <algorithm>

#include "clang/AST/StmtCXX.h"
#include "extract/heap_types.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

bool promises_a_copy(const clang::FunctionDecl& function) {
  if (function.getIdentifier() == nullptr) return true;
  const std::string name = function.getName().lower();
  return std::ranges::any_of(
      std::initializer_list<const char*>{"copy", "clone", "dup", "snapshot", "backup", "to_", "from"},
      [&](const char* word) { return name.find(word) != std::string::npos; });
}

/// What a plain name names: a parameter that is a reference or a pointer to const, or a member of the object.
std::optional<Borrowing> named_source(const clang::Expr& expression) {
  const clang::Expr* bare = expression.IgnoreParenImpCasts();
  if (const auto* either = llvm::dyn_cast<clang::ConditionalOperator>(bare)) {
    const auto source = named_source(*either->getTrueExpr());
    const auto other = named_source(*either->getFalseExpr());
    return source && other && source->member != nullptr && other->member != nullptr ? source : std::nullopt;
  }
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(bare)) {
    const auto* parameter = llvm::dyn_cast<clang::ParmVarDecl>(name->getDecl());
    if (parameter == nullptr || name->refersToEnclosingVariableOrCapture()) return std::nullopt;
    const clang::QualType type = parameter->getType();
    const bool borrowed =
        (type->isLValueReferenceType() || type->isPointerType()) && type->getPointeeType().isConstQualified();
    return borrowed ? std::optional(Borrowing{nullptr, parameter->getFunctionScopeIndex(), false}) : std::nullopt;
  }
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(bare);
  const auto* field = member == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
  const bool own = field != nullptr && llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
  return own && !field->isMutable() ? std::optional(Borrowing{field, 0, false}) : std::nullopt;
}

bool same_source(const Borrowing& a, const Borrowing& b) { return a.member == b.member && a.parameter == b.parameter; }

const clang::CXXMemberCallExpr* method_call(const clang::Expr& expression, llvm::StringRef name) {
  const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&without_wrapping(expression));
  const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  return method != nullptr && method->getIdentifier() != nullptr && method->getName() == name ? call : nullptr;
}

std::optional<Borrowing> source_of_call(const clang::Expr& expression, llvm::StringRef name) {
  const clang::CXXMemberCallExpr* call = method_call(expression, name);
  return call == nullptr ? std::nullopt : named_source(*call->getImplicitObjectArgument());
}

/// `p.begin()`, or `p.begin() + n` with the copy that iterators are passed by, or a pointer that is a parameter.
std::optional<Borrowing> iterated_source(const clang::Expr& expression, bool& exact) {
  const clang::Expr* at = &without_wrapping(expression);
  if (const auto* copy = llvm::dyn_cast<clang::CXXConstructExpr>(at); copy != nullptr && copy->getNumArgs() == 1)
    return iterated_source(*copy->getArg(0), exact);
  for (const char* name : {"begin", "end", "cbegin", "cend", "data"}) {
    if (const auto source = source_of_call(*at, name)) return source;
  }
  exact = false;
  if (at->getType()->isPointerType() && llvm::isa<clang::DeclRefExpr>(at)) return named_source(*at);
  const auto* sum = llvm::dyn_cast<clang::CXXOperatorCallExpr>(at);
  const auto* plain = llvm::dyn_cast<clang::BinaryOperator>(at);
  if (sum != nullptr && sum->getNumArgs() == 2 &&
      (sum->getOperator() == clang::OO_Plus || sum->getOperator() == clang::OO_Minus))
    return iterated_source(*sum->getArg(0), exact);
  return plain != nullptr && plain->isAdditiveOp() ? iterated_source(*plain->getLHS(), exact) : std::nullopt;
}

clang::QualType element_of(clang::QualType type) {
  for (const char* name : {"vector", "basic_string"}) {
    if (const auto* made = as_standard(type, name)) return type_argument(*made, 0);
  }
  return {};
}

bool same_elements(const clang::FunctionDecl& function, const Borrowing& source, clang::QualType result) {
  clang::QualType type =
      source.member != nullptr ? source.member->getType() : function.getParamDecl(source.parameter)->getType();
  const clang::QualType from = type->isPointerType() ? type->getPointeeType() : element_of(type.getNonReferenceType());
  const clang::QualType to = element_of(result);
  return !from.isNull() && !to.isNull() && function.getASTContext().hasSameUnqualifiedType(from, to);
}

/// A pair of iterators, from `first` on in the arguments of a call.
template <class Call>
std::optional<Borrowing> iterated_range(const Call& call, unsigned first, const clang::FunctionDecl& function,
                                        clang::QualType result) {
  if (call.getNumArgs() < first + 2) return std::nullopt;
  bool exact = true;
  const auto begin = iterated_source(*call.getArg(first), exact);
  const auto end = iterated_source(*call.getArg(first + 1), exact);
  if (!begin || !end || !same_source(*begin, *end) || !same_elements(function, *begin, result)) return std::nullopt;
  return Borrowing{begin->member, begin->parameter, !exact};
}

/// What an expression that makes the result copies.
std::optional<Borrowing> copied_by(const clang::Expr& expression, const clang::FunctionDecl& function) {
  const clang::Expr* made = &without_wrapping(expression);
  // `return std::vector<int>(values_);`
  if (const auto* named = llvm::dyn_cast<clang::CXXFunctionalCastExpr>(made))
    made = &without_wrapping(*named->getSubExpr());
  if (const clang::Expr* source = copied_lvalue(*made)) return named_source(*source);
  if (const auto whole = source_of_call(*made, "substr"); whole && is_string(expression.getType()))
    return Borrowing{whole->member, whole->parameter, true};
  const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(made);
  return construction == nullptr ? std::nullopt : iterated_range(*construction, 0, function, construction->getType());
}

/// `for (x : p) out.push_back(x);`
std::optional<Borrowing> appended_by_loop(const clang::CXXForRangeStmt& loop, const clang::FunctionDecl& function,
                                          clang::QualType result) {
  const auto source = named_source(*loop.getRangeInit());
  const clang::Stmt* body = loop.getBody();
  const auto* block = llvm::dyn_cast<clang::CompoundStmt>(body);
  if (block != nullptr && block->size() == 1) body = block->body_front();
  const auto* append = llvm::dyn_cast<clang::Expr>(body);
  const clang::CXXMemberCallExpr* call = append == nullptr ? nullptr : method_call(*append, "push_back");
  if (!source || call == nullptr || !same_elements(function, *source, result)) return std::nullopt;
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&without_wrapping(*call->getArg(0)));
  return name != nullptr && name->getDecl() == loop.getLoopVariable() ? source : std::nullopt;
}

/// `out.push_back(element)` in a loop, `out.insert(out.end(), p.begin(), p.end())`, `out.assign(...)`.
std::optional<Borrowing> appended_by(const clang::Stmt& statement, const clang::FunctionDecl& function,
                                     clang::QualType result) {
  if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(&statement))
    return appended_by_loop(*loop, function, result);
  const auto* expression = llvm::dyn_cast<clang::Expr>(&statement);
  if (expression == nullptr) return std::nullopt;
  if (const clang::CXXMemberCallExpr* insert = method_call(*expression, "insert"))
    return iterated_range(*insert, 1, function, result);
  const clang::CXXMemberCallExpr* assign = method_call(*expression, "assign");
  return assign == nullptr ? std::nullopt : iterated_range(*assign, 0, function, result);
}

/// `T out ...; out.something; return out;`
std::optional<Borrowing> copied_by_local(const clang::CompoundStmt& block, const clang::FunctionDecl& function) {
  const std::vector<const clang::Stmt*> statements(block.body_begin(), block.body_end());
  const auto* declared = llvm::dyn_cast<clang::DeclStmt>(statements.front());
  const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(statements.back());
  const auto* out = declared == nullptr || !declared->isSingleDecl()
                        ? nullptr
                        : llvm::dyn_cast<clang::VarDecl>(declared->getSingleDecl());
  if (out == nullptr || !out->hasLocalStorage() || out->getInit() == nullptr || returned == nullptr ||
      returned->getRetValue() == nullptr)
    return std::nullopt;
  const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(*returned->getRetValue()));
  const clang::Expr& value =
      construction != nullptr && construction->getNumArgs() > 0 ? *construction->getArg(0) : *returned->getRetValue();
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&without_wrapping(value));
  if (name == nullptr || name->getDecl() != out) return std::nullopt;
  const auto* initial = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(*out->getInit()));
  if (initial == nullptr) return std::nullopt;
  if (initial->getNumArgs() > 0) return statements.size() == 2 ? copied_by(*out->getInit(), function) : std::nullopt;
  std::optional<Borrowing> found;
  for (std::size_t i = 1; i + 1 < statements.size(); ++i) {
    const auto* expression = llvm::dyn_cast<clang::Expr>(statements[i]);
    if (expression != nullptr && method_call(*expression, "reserve") != nullptr) continue;
    if (found) return std::nullopt;
    found = appended_by(*statements[i], function, out->getType());
    if (!found) return std::nullopt;
  }
  return found;
}

}  // namespace

std::optional<Borrowing> borrowing_of(const clang::FunctionDecl& function, const Functions& functions) {
  const clang::FunctionDecl* definition = nullptr;
  if (!function.hasBody(definition) || definition->isDependentContext() || promises_a_copy(function) ||
      function.isOverloadedOperator() || definition->isTemplateInstantiation())
    return std::nullopt;
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(definition);
  if (method != nullptr && (method->isVirtual() || (!method->isConst() && !method->isStatic()))) return std::nullopt;
  const HeapCopy cost = copy_allocates(definition->getReturnType());
  if (cost != HeapCopy::yes && cost != HeapCopy::if_long) return std::nullopt;
  if (functions.context().getSourceManager().isInSystemHeader(definition->getLocation())) return std::nullopt;
  const auto* block = llvm::dyn_cast<clang::CompoundStmt>(definition->getBody());
  if (block == nullptr || block->body_empty()) return std::nullopt;
  if (block->size() > 1) return copied_by_local(*block, *definition);
  const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(block->body_front());
  if (returned == nullptr || returned->getRetValue() == nullptr) return std::nullopt;
  return copied_by(*returned->getRetValue(), *definition);
}

}  // namespace wml::extract
