#include "extract/function_body.h"

#include "clang/AST/ASTLambda.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "clang/AST/StmtOpenMP.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSet.h"

namespace wml::extract {
namespace {

bool returns_twice(const clang::CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr || callee->getIdentifier() == nullptr) return false;
  static const llvm::StringSet<> names = {"setjmp", "_setjmp", "__sigsetjmp", "sigsetjmp", "__builtin_setjmp", "vfork"};
  return callee->hasAttr<clang::ReturnsTwiceAttr>() || names.contains(callee->getName());
}

bool is_loop(const clang::Stmt& node) {
  return llvm::isa<clang::ForStmt, clang::WhileStmt, clang::DoStmt, clang::CXXForRangeStmt>(node);
}

/// The part of a loop that each iteration runs; its condition and step do so too, but declare nothing.
const clang::Stmt* loop_body(const clang::Stmt& loop) {
  if (const auto* plain = llvm::dyn_cast<clang::ForStmt>(&loop)) return plain->getBody();
  if (const auto* plain = llvm::dyn_cast<clang::WhileStmt>(&loop)) return plain->getBody();
  if (const auto* plain = llvm::dyn_cast<clang::DoStmt>(&loop)) return plain->getBody();
  return llvm::cast<clang::CXXForRangeStmt>(loop).getBody();
}

bool is_false(const clang::Expr& condition) {
  const clang::Expr* bare = condition.IgnoreParenImpCasts();
  if (const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(bare)) return number->getValue() == 0;
  const auto* boolean = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(bare);
  return boolean != nullptr && !boolean->getValue();
}

/// Whether the statements of a block end by leaving it for good, so that there is no second iteration.
bool leaves(const clang::Stmt& block) {
  const auto* compound = llvm::dyn_cast<clang::CompoundStmt>(&block);
  const clang::Stmt* last = compound == nullptr ? &block : compound->body_empty() ? nullptr : compound->body_back();
  return last != nullptr && llvm::isa<clang::ReturnStmt, clang::BreakStmt, clang::GotoStmt, clang::CXXThrowExpr>(last);
}

/// Whether a function is what its author wrote, in a file of the user's: no template, no instance of one, and no
/// lambda's, whose body is part of the function around it.
bool is_written(const clang::FunctionDecl& function, const Places& places) {
  if (function.isDependentContext() || function.isTemplateInstantiation() || clang::isLambdaMethod(&function))
    return false;
  // A body that a macro makes is not one that its author sees.
  return !function.getLocation().isMacroID() && !function.getBody()->getBeginLoc().isMacroID() &&
         places.is_users(function.getLocation());
}

/// Functions that are named where no call is.
class Names : public clang::DynamicRecursiveASTVisitor {
public:
  explicit Names(llvm::DenseMap<const clang::FunctionDecl*, bool>& named) : named_(named) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = false;
  }

  bool VisitCallExpr(clang::CallExpr* call) override {
    called_.insert(call->getCallee()->IgnoreParenImpCasts());
    return true;
  }
  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    const auto* function = llvm::dyn_cast<clang::FunctionDecl>(name->getDecl());
    if (function != nullptr && !called_.contains(name)) named_[function->getCanonicalDecl()] = true;
    return true;
  }

private:
  llvm::DenseMap<const clang::FunctionDecl*, bool>& named_;
  llvm::SmallPtrSet<const clang::Expr*, 32> called_;
};

}  // namespace

FunctionBody::FunctionBody(const clang::FunctionDecl& function) : function_(&function) {
  visit(*function.getBody());
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function)) {
    for (const clang::CXXCtorInitializer* initialiser : constructor->inits()) visit(*initialiser->getInit());
  }
}

void FunctionBody::visit_declarations(const clang::DeclStmt& statement) {
  for (const clang::Decl* declaration : statement.decls()) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration);
    if (variable == nullptr) continue;
    declarations_[variable] = &statement;
    if (statement.isSingleDecl() && variable->hasLocalStorage() && !variable->isImplicit() &&
        !variable->getType()->isDependentType())
      locals_.push_back(variable);
  }
}

void FunctionBody::visit_call(const clang::Expr& call) {
  calls_.push_back(&call);
  const auto* plain = llvm::dyn_cast<clang::CallExpr>(&call);
  opaque_ = opaque_ || (plain != nullptr && returns_twice(*plain));
}

void FunctionBody::visit(const clang::Stmt& node) {
  switch (node.getStmtClass()) {
    case clang::Stmt::DeclRefExprClass: {
      const auto& name = llvm::cast<clang::DeclRefExpr>(node);
      if (llvm::isa<clang::VarDecl>(name.getDecl())) names_.push_back(&name);
      break;
    }
    case clang::Stmt::DeclStmtClass: visit_declarations(llvm::cast<clang::DeclStmt>(node)); break;
    case clang::Stmt::CXXForRangeStmtClass: range_loops_.push_back(llvm::cast<clang::CXXForRangeStmt>(&node)); break;
    case clang::Stmt::LambdaExprClass: lambdas_.push_back(llvm::cast<clang::LambdaExpr>(&node)); break;
    case clang::Stmt::ReturnStmtClass: returns_.push_back(llvm::cast<clang::ReturnStmt>(&node)); break;
    case clang::Stmt::LabelStmtClass: labels_ = true; break;
    default:
      if (llvm::isa<clang::CallExpr, clang::CXXConstructExpr, clang::CXXNewExpr>(node))
        visit_call(llvm::cast<clang::Expr>(node));
      opaque_ =
          opaque_ ||
          llvm::isa<clang::CoroutineBodyStmt, clang::OMPExecutableDirective, clang::IndirectGotoStmt, clang::AsmStmt>(
              node);
  }
  for (const clang::Stmt* child : node.children()) {
    if (child != nullptr) visit(*child);
  }
}

const clang::Stmt* FunctionBody::parent(const clang::Stmt& node) const {
  if (parents_ == nullptr) {
    parents_ = std::make_unique<clang::ParentMap>(function_->getBody());
    if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function_)) {
      for (const clang::CXXCtorInitializer* initialiser : constructor->inits())
        parents_->addStmt(initialiser->getInit());
    }
  }
  return parents_->getParent(&node);
}

const std::vector<const clang::DeclRefExpr*>& FunctionBody::uses_of(const clang::VarDecl& variable) const {
  static const std::vector<const clang::DeclRefExpr*> none;
  for (const clang::DeclRefExpr* name : names_) uses_[llvm::cast<clang::VarDecl>(name->getDecl())].push_back(name);
  names_.clear();
  const auto found = uses_.find(&variable);
  return found == uses_.end() ? none : found->second;
}

const clang::DeclStmt* FunctionBody::declaration(const clang::VarDecl& variable) const {
  const auto found = declarations_.find(&variable);
  return found == declarations_.end() ? nullptr : found->second;
}

const clang::Stmt* FunctionBody::loop_around(const clang::Stmt& node) const {
  const clang::Stmt* inner = &node;
  for (const clang::Stmt* outer = parent(node); outer != nullptr; inner = outer, outer = parent(*outer)) {
    if (llvm::isa<clang::LambdaExpr>(outer) || leaves(*outer)) return nullptr;
    if (!is_loop(*outer) || inner != loop_body(*outer)) continue;
    const auto* last = llvm::dyn_cast<clang::DoStmt>(outer);
    if (last == nullptr || !is_false(*last->getCond())) return outer;
  }
  return nullptr;
}

bool FunctionBody::is_inside(const clang::Stmt& node, const clang::Stmt& outer) const {
  const clang::Stmt* at = &node;
  while (at != nullptr && at != &outer) at = parent(*at);
  return at != nullptr;
}

Functions::Functions(clang::ASTContext& context, const Places& places, const UnitNodes& nodes)
    : context_(context), declarations_(nodes.declarations) {
  for (const clang::FunctionDecl* function : nodes.functions) {
    if (!function->doesThisDeclarationHaveABody()) continue;
    if (function->isReplaceableGlobalAllocationFunction()) replaces_new_ = true;
    if (is_written(*function, places)) written_.push_back(function);
  }
}

const FunctionBody& Functions::body_of(const clang::FunctionDecl& function) const {
  std::unique_ptr<FunctionBody>& body = bodies_[&function];
  if (body == nullptr) body = std::make_unique<FunctionBody>(function);
  return *body;
}

bool Functions::is_recursive(const clang::FunctionDecl& function) const {
  constexpr std::size_t kMost = 2000;
  llvm::SmallPtrSet<const clang::FunctionDecl*, 32> seen;
  std::vector<const clang::FunctionDecl*> open{&function};
  while (!open.empty()) {
    const FunctionBody& body = body_of(*open.back());
    open.pop_back();
    for (const clang::Expr* call : body.calls()) {
      const clang::FunctionDecl* callee = callee_of(*call);
      const clang::FunctionDecl* definition = nullptr;
      if (callee == nullptr || !callee->hasBody(definition)) continue;
      if (definition == &function) return true;
      // What lies in the standard library calls back into the unit by templates only, whose bodies are large.
      if (context_.getSourceManager().isInSystemHeader(definition->getLocation())) continue;
      if (!definition->isDependentContext() && seen.insert(definition).second) open.push_back(definition);
      if (seen.size() > kMost) return true;
    }
  }
  return false;
}

bool Functions::is_named_without_call(const clang::FunctionDecl& function) const {
  if (!named_known_) {
    Names names(named_);
    for (clang::Decl* declaration : declarations_) names.TraverseDecl(declaration);
    named_known_ = true;
  }
  return named_.contains(function.getCanonicalDecl());
}

const clang::FunctionDecl* callee_of(const clang::Expr& call) {
  if (const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&call)) return construction->getConstructor();
  const auto* plain = llvm::dyn_cast<clang::CallExpr>(&call);
  if (plain == nullptr) return nullptr;
  const clang::FunctionDecl* callee = plain->getDirectCallee();
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(callee);
  return method != nullptr && method->isVirtual() ? nullptr : callee;
}

std::optional<std::uint64_t> constant_value(const clang::Expr& expression, const clang::ASTContext& context) {
  clang::Expr::EvalResult result;
  if (expression.isValueDependent() || expression.isTypeDependent() || !expression.getType()->isIntegerType() ||
      !expression.EvaluateAsInt(result, context))
    return std::nullopt;
  const llvm::APSInt& value = result.Val.getInt();
  return value.isNegative() || value.getActiveBits() > 48 ? std::nullopt : std::optional(value.getZExtValue());
}

CountingLoop counting_loop(const clang::Stmt& loop, const FunctionBody& body) {
  const auto* counting = llvm::dyn_cast<clang::ForStmt>(&loop);
  if (counting == nullptr || counting->getCond() == nullptr || counting->getInc() == nullptr) return {};
  const auto* init = llvm::dyn_cast_or_null<clang::DeclStmt>(counting->getInit());
  if (init == nullptr || !init->isSingleDecl()) return {};
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(init->getSingleDecl());
  const auto* test = llvm::dyn_cast<clang::BinaryOperator>(counting->getCond()->IgnoreParenImpCasts());
  const auto* step = llvm::dyn_cast<clang::UnaryOperator>(counting->getInc()->IgnoreParenImpCasts());
  if (variable == nullptr || variable->getInit() == nullptr || !variable->getType()->isIntegerType() ||
      test == nullptr || step == nullptr || !step->isIncrementOp())
    return {};
  if (test->getOpcode() != clang::BO_LT && test->getOpcode() != clang::BO_NE) return {};
  const auto names = [&](const clang::Expr& expression) {
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParenImpCasts());
    return name != nullptr && name->getDecl() == variable;
  };
  if (!names(*test->getLHS()) || !names(*step->getSubExpr())) return {};
  // Everywhere else its value is only read.
  for (const clang::DeclRefExpr* use : body.uses_of(*variable)) {
    if (use == step->getSubExpr()->IgnoreParenImpCasts()) continue;
    const auto* cast = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(body.parent(*use));
    const bool as_constant = cast != nullptr && cast->isLValue() && cast->getType().isConstQualified();
    if (cast == nullptr || (cast->getCastKind() != clang::CK_LValueToRValue && !as_constant)) return {};
  }
  return {variable, variable->getInit(), test->getRHS()};
}

std::optional<std::uint64_t> bound_of_counter(const clang::Expr& expression, const clang::ASTContext& context) {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParenImpCasts());
  const auto* variable = name == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(name->getDecl());
  if (variable == nullptr || !variable->isLocalVarDecl() || variable->getInit() == nullptr) return std::nullopt;
  const auto* function = llvm::dyn_cast<clang::FunctionDecl>(variable->getDeclContext());
  if (function == nullptr || !function->doesThisDeclarationHaveABody() || function->isDependentContext())
    return std::nullopt;
  const FunctionBody body(*function);
  const clang::DeclStmt* declaration = body.declaration(*variable);
  const clang::Stmt* loop = declaration == nullptr ? nullptr : body.parent(*declaration);
  if (loop == nullptr || body.is_opaque()) return std::nullopt;
  const CountingLoop counting = counting_loop(*loop, body);
  if (counting.variable != variable) return std::nullopt;
  const auto first = constant_value(*counting.first, context);
  const auto bound = constant_value(*counting.bound, context);
  return first && bound && *first < *bound ? bound : std::nullopt;
}

std::optional<std::uint64_t> iterations_of(const clang::Stmt& loop, const FunctionBody& body,
                                           const clang::ASTContext& context) {
  if (const auto* range = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop)) {
    if (range->getRangeInit() == nullptr) return std::nullopt;
    const auto* array = context.getAsConstantArrayType(range->getRangeInit()->getType());
    return array == nullptr ? std::nullopt : std::optional(array->getSize().getZExtValue());
  }
  const CountingLoop counting = counting_loop(loop, body);
  if (counting.variable == nullptr) return std::nullopt;
  const auto first = constant_value(*counting.first, context);
  const auto bound = constant_value(*counting.bound, context);
  return first && bound && *first <= *bound ? std::optional(*bound - *first) : std::nullopt;
}

}  // namespace wml::extract
