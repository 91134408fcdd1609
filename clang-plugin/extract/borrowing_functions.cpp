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
  return std::ranges::any_of(std::initializer_list<const char*>{"copy", "clone", "dup", "snapshot", "backup", "to_", "from"},
                             [&](const char* word) { return name.find(word) != std::string::npos; });
}

/// The parameter that a plain name names, where it is a reference to const.
std::optional<unsigned> named_parameter(const clang::Expr& expression) {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParenImpCasts());
  const auto* parameter = name == nullptr ? nullptr : llvm::dyn_cast<clang::ParmVarDecl>(name->getDecl());
  if (parameter == nullptr || !parameter->getType()->isLValueReferenceType() ||
      !parameter->getType().getNonReferenceType().isConstQualified())
    return std::nullopt;
  return parameter->getFunctionScopeIndex();
}

const clang::CXXMemberCallExpr* method_call(const clang::Expr& expression, llvm::StringRef name) {
  const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&without_wrapping(expression));
  const clang::CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
  return method != nullptr && method->getIdentifier() != nullptr && method->getName() == name ? call : nullptr;
}

std::optional<unsigned> parameter_of_call(const clang::Expr& expression, llvm::StringRef name) {
  const clang::CXXMemberCallExpr* call = method_call(expression, name);
  return call == nullptr ? std::nullopt : named_parameter(*call->getImplicitObjectArgument());
}

/// `p.begin()`, or `p.begin() + n` with the copy that iterators are passed by.
std::optional<unsigned> iterated_parameter(const clang::Expr& expression, bool& exact) {
  const clang::Expr* at = &without_wrapping(expression);
  if (const auto* copy = llvm::dyn_cast<clang::CXXConstructExpr>(at); copy != nullptr && copy->getNumArgs() == 1)
    return iterated_parameter(*copy->getArg(0), exact);
  for (const char* name : {"begin", "end", "cbegin", "cend", "data"}) {
    if (const auto parameter = parameter_of_call(*at, name)) return parameter;
  }
  const auto* sum = llvm::dyn_cast<clang::CXXOperatorCallExpr>(at);
  const auto* plain = llvm::dyn_cast<clang::BinaryOperator>(at);
  exact = false;
  if (sum != nullptr && sum->getNumArgs() == 2 && (sum->getOperator() == clang::OO_Plus || sum->getOperator() == clang::OO_Minus))
    return iterated_parameter(*sum->getArg(0), exact);
  return plain != nullptr && plain->isAdditiveOp() ? iterated_parameter(*plain->getLHS(), exact) : std::nullopt;
}

clang::QualType element_of(clang::QualType type) {
  for (const char* name : {"vector", "basic_string"}) {
    if (const auto* made = as_standard(type, name)) return type_argument(*made, 0);
  }
  return {};
}

bool same_elements(const clang::FunctionDecl& function, unsigned parameter, clang::QualType result) {
  const clang::QualType from = element_of(function.getParamDecl(parameter)->getType().getNonReferenceType());
  const clang::QualType to = element_of(result);
  return !from.isNull() && !to.isNull() && function.getASTContext().hasSameUnqualifiedType(from, to);
}

/// What an expression that makes the result copies.
std::optional<Borrowing> copied_by(const clang::Expr& expression, const clang::FunctionDecl& function) {
  const clang::QualType result = expression.getType();
  if (const clang::Expr* source = copied_lvalue(expression)) {
    if (const auto parameter = named_parameter(*source)) return Borrowing{nullptr, *parameter, false};
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(source->IgnoreParenImpCasts());
    const auto* field = member == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    const bool own = field != nullptr && llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
    return own && !field->isMutable() ? std::optional(Borrowing{field, 0, false}) : std::nullopt;
  }
  if (const auto parameter = parameter_of_call(expression, "substr"); parameter && is_string(result))
    return Borrowing{nullptr, *parameter, true};
  const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(expression));
  if (construction == nullptr || construction->getNumArgs() < 2) return std::nullopt;
  bool exact = true;
  const auto first = iterated_parameter(*construction->getArg(0), exact);
  const auto last = iterated_parameter(*construction->getArg(1), exact);
  if (!first || first != last || !same_elements(function, *first, result)) return std::nullopt;
  return Borrowing{nullptr, *first, !exact};
}

/// `out.push_back(element)` or the loop around it, `out.insert(out.end(), p.begin(), p.end())`, `out.assign(...)`.
std::optional<Borrowing> appended_by(const clang::Stmt& statement, const clang::FunctionDecl& function, clang::QualType result) {
  const auto* expression = llvm::dyn_cast<clang::Expr>(&statement);
  if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(&statement)) {
    const auto parameter = named_parameter(*loop->getRangeInit());
    const clang::Stmt* body = loop->getBody();
    const auto* block = llvm::dyn_cast<clang::CompoundStmt>(body);
    if (block != nullptr && block->size() == 1) body = block->body_front();
    const auto* append = llvm::dyn_cast<clang::Expr>(body);
    const clang::CXXMemberCallExpr* call = append == nullptr ? nullptr : method_call(*append, "push_back");
    if (!parameter || call == nullptr || !same_elements(function, *parameter, result)) return std::nullopt;
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&without_wrapping(*call->getArg(0)));
    return name != nullptr && name->getDecl() == loop->getLoopVariable() ? std::optional(Borrowing{nullptr, *parameter, false})
                                                                         : std::nullopt;
  }
  if (expression == nullptr) return std::nullopt;
  const clang::CXXMemberCallExpr* insert = method_call(*expression, "insert");
  const clang::CXXMemberCallExpr* assign = method_call(*expression, "assign");
  const unsigned skipped = insert == nullptr ? 0 : 1;
  const clang::CXXMemberCallExpr* call = insert == nullptr ? assign : insert;
  if (call == nullptr || call->getNumArgs() != 2 + skipped) return std::nullopt;
  bool exact = true;
  const auto first = iterated_parameter(*call->getArg(skipped), exact);
  const auto last = iterated_parameter(*call->getArg(skipped + 1), exact);
  if (!first || first != last || !same_elements(function, *first, result)) return std::nullopt;
  return Borrowing{nullptr, *first, !exact};
}

/// `T out ...; out.something; return out;`
std::optional<Borrowing> copied_by_local(const clang::CompoundStmt& block, const clang::FunctionDecl& function) {
  const std::vector<const clang::Stmt*> statements(block.body_begin(), block.body_end());
  const auto* declared = llvm::dyn_cast<clang::DeclStmt>(statements.front());
  const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(statements.back());
  const auto* out = declared == nullptr || !declared->isSingleDecl() ? nullptr : llvm::dyn_cast<clang::VarDecl>(declared->getSingleDecl());
  if (out == nullptr || !out->hasLocalStorage() || out->getInit() == nullptr || returned == nullptr || returned->getRetValue() == nullptr)
    return std::nullopt;
  const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&without_wrapping(*returned->getRetValue()));
  const clang::Expr& value = construction != nullptr && construction->getNumArgs() > 0 ? *construction->getArg(0) : *returned->getRetValue();
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
