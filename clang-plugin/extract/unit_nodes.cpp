#include "extract/unit_nodes.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "extract/users_declarations.h"
#include "llvm/ADT/DenseSet.h"

namespace wml::extract {
namespace {

bool is_instantiation(const clang::Decl& declaration) {
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(&declaration))
    return function->isTemplateInstantiation();
  if (const auto* record = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&declaration))
    return record->getSpecializationKind() == clang::TSK_ImplicitInstantiation;
  if (const auto* variable = llvm::dyn_cast<clang::VarTemplateSpecializationDecl>(&declaration))
    return variable->getSpecializationKind() == clang::TSK_ImplicitInstantiation;
  return false;
}

/// Whether a declaration makes no object in memory: of a constant like that all that is used is its value.
bool is_for_compiler(const clang::Decl& declaration) {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration);
  return llvm::isa<clang::StaticAssertDecl>(declaration) ||
         (variable != nullptr && variable->isConstexpr() && !variable->isUsed());
}

bool may_hold_templates(const clang::Decl& declaration) {
  if (const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(&declaration)) return !record->isDependentContext();
  return llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl, clang::RedeclarableTemplateDecl>(
      declaration);
}

/// Whether the compiler writes a function that makes, copies or destroys a record. A comparison reads its fields as
/// other code does.
bool copies_or_makes_by_field(const clang::FunctionDecl& function) {
  const bool compares =
      llvm::is_contained({clang::OO_EqualEqual, clang::OO_ExclaimEqual, clang::OO_Spaceship, clang::OO_Less,
                          clang::OO_LessEqual, clang::OO_Greater, clang::OO_GreaterEqual},
                         function.getOverloadedOperator());
  return function.isImplicit() || (function.isDefaulted() && !compares);
}

/// Collects initialisers, and passes over what the compiler writes.
class InitialiserWalk : public clang::DynamicRecursiveASTVisitor {
public:
  InitialiserWalk(InitialiserNodes& found, const Places& places) : initialisers_(found), places_(places) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = true;  // elements of lists, and their conversions
  }

  bool TraverseDecl(clang::Decl* declaration) override {
    if (declaration == nullptr) return true;
    const bool outer = in_instance_;
    const bool outer_for_compiler = for_compiler_;
    in_instance_ = outer || is_instantiation(*declaration);
    for_compiler_ = outer_for_compiler || is_for_compiler(*declaration);
    const bool going = enter(*declaration);
    in_instance_ = outer;
    for_compiler_ = outer_for_compiler;
    return going;
  }

  bool TraverseStaticAssertDecl(clang::StaticAssertDecl* assertion) override {
    const bool outer = std::exchange(in_assertion_, true);
    const bool going = clang::DynamicRecursiveASTVisitor::TraverseStaticAssertDecl(assertion);
    in_assertion_ = outer;
    return going;
  }

  /// The semantic form alone: what is written shares its elements, but for the bounds in designators. A default is met
  /// again where its function is declared again, and what a coroutine waits for in two forms.
  bool TraverseInitListExpr(clang::InitListExpr* list) override {
    clang::InitListExpr* meant = list->isSemanticForm() ? list : list->getSemanticForm();
    if (meant == nullptr) meant = list;
    if (!seen_.insert(meant).second) return true;
    if (meant->isSemanticForm()) {
      initialisers_.lists.push_back({meant, in_instance_});
      add_if_for_compiler(*meant);
    }
    if (const clang::InitListExpr* written = meant->getSyntacticForm()) {
      for (clang::Expr* element : written->inits()) {
        const auto* designated = llvm::dyn_cast_or_null<clang::DesignatedInitExpr>(element);
        for (unsigned i = 1; designated != nullptr && i < designated->getNumSubExprs(); ++i) {
          if (!TraverseStmt(designated->getSubExpr(i))) return false;
        }
      }
    }
    for (clang::Stmt* element : meant->children()) {
      if (!TraverseStmt(element)) return false;
    }
    return true;
  }

  // Defaults belong to their fields and parameters, wherever they are used; those of libraries are seen there only.
  bool TraverseCXXDefaultInitExpr(clang::CXXDefaultInitExpr*) override { return true; }
  bool TraverseCXXDefaultArgExpr(clang::CXXDefaultArgExpr* used) override {
    return places_.is_users(used->getParam()->getLocation()) || TraverseStmt(used->getExpr());
  }

  bool VisitCXXParenListInitExpr(clang::CXXParenListInitExpr* list) override {
    initialisers_.paren_lists.push_back({list, in_instance_});
    return true;
  }
  bool VisitVarDecl(clang::VarDecl* variable) override {
    initialisers_.variables.push_back(variable);
    return true;
  }

protected:
  virtual bool is_walked(const clang::Decl& declaration) const {
    return in_instance_ || may_hold_templates(declaration);
  }
  bool in_assertion() const { return in_assertion_; }
  void add_if_for_compiler(const clang::Expr& made) {
    if (for_compiler_) initialisers_.for_compiler.insert(&made);
  }

private:
  bool enter(clang::Decl& declaration) {
    if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&declaration))
      initialisers_.constructors.push_back({constructor, in_instance_});
    auto* function = llvm::dyn_cast<clang::FunctionDecl>(&declaration);
    if (function != nullptr && copies_or_makes_by_field(*function)) return enter_signature(*function);
    return !is_walked(declaration) || clang::DynamicRecursiveASTVisitor::TraverseDecl(&declaration);
  }

  /// What is written of `= default`: the operand of its noexcept, what it requires.
  bool enter_signature(clang::FunctionDecl& function) {
    if (function.isImplicit()) return true;
    const clang::TypeSourceInfo* type = function.getTypeSourceInfo();
    if (type != nullptr && !TraverseTypeLoc(type->getTypeLoc())) return false;
    return TraverseStmt(const_cast<clang::Expr*>(function.getTrailingRequiresClause().ConstraintExpr));
  }

  InitialiserNodes& initialisers_;
  const Places& places_;
  llvm::DenseSet<const clang::InitListExpr*> seen_;
  bool in_instance_ = false;
  bool in_assertion_ = false;
  bool for_compiler_ = false;
};

class NodeWalk : public InitialiserWalk {
public:
  NodeWalk(UnitNodes& nodes, const Places& places) : InitialiserWalk(nodes, places), nodes_(nodes) {}

  bool VisitRecordDecl(clang::RecordDecl* record) override {
    if (!record->isThisDeclarationADefinition()) return true;
    nodes_.records.push_back(record);
    const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record);
    if (cxx == nullptr) return true;
    for (const clang::CXXBaseSpecifier& base : cxx->bases()) nodes_.bases.push_back({cxx, &base});
    return true;
  }
  bool VisitEnumDecl(clang::EnumDecl* definition) override {
    if (definition->isThisDeclarationADefinition()) nodes_.enums.push_back(definition);
    return true;
  }
  bool VisitFunctionDecl(clang::FunctionDecl* function) override { return add(nodes_.functions, function); }
  bool VisitFieldDecl(clang::FieldDecl* field) override { return add(nodes_.fields, field); }

  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    const auto* function = llvm::dyn_cast<clang::FunctionDecl>(name->getDecl());
    if (function == nullptr || function->getTemplateSpecializationArgs() != nullptr)
      nodes_.names.push_back({name, in_assertion()});
    return true;
  }
  bool VisitMemberExpr(clang::MemberExpr* member) override { return add(nodes_.members, member); }
  bool VisitCastExpr(clang::CastExpr* cast) override {
    const clang::CastKind kind = cast->getCastKind();
    const bool is_function = kind == clang::CK_FunctionToPointerDecay || kind == clang::CK_BuiltinFnToFnPtr;
    return is_function || add(nodes_.casts, cast);
  }
  bool VisitUnaryOperator(clang::UnaryOperator* operation) override { return add(nodes_.unary_operators, operation); }
  bool VisitBinaryOperator(clang::BinaryOperator* operation) override {
    return add(nodes_.binary_operators, operation);
  }
  bool VisitArraySubscriptExpr(clang::ArraySubscriptExpr* subscript) override {
    return add(nodes_.subscripts, subscript);
  }
  bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* size) override {
    nodes_.sizes.push_back({size, in_assertion()});
    return true;
  }
  bool VisitOffsetOfExpr(clang::OffsetOfExpr* offset) override {
    nodes_.offsets.push_back({offset, in_assertion()});
    return true;
  }
  bool VisitCallExpr(clang::CallExpr* call) override { return add(nodes_.calls, call); }
  bool VisitCXXConstructExpr(clang::CXXConstructExpr* made) override {
    add_if_for_compiler(*made);
    return add(nodes_.constructions, made);
  }
  bool VisitCXXNewExpr(clang::CXXNewExpr* made) override { return add(nodes_.news, made); }
  bool VisitCompoundLiteralExpr(clang::CompoundLiteralExpr* made) override {
    return add(nodes_.compound_literals, made);
  }
  bool VisitVAArgExpr(clang::VAArgExpr* taken) override { return add(nodes_.variable_arguments, taken); }
  bool VisitReturnStmt(clang::ReturnStmt* statement) override { return add(nodes_.returns, statement); }
  bool VisitAtomicExpr(clang::AtomicExpr*) override {
    nodes_.has_atomics = true;
    return true;
  }
  bool VisitTemplateSpecializationTypeLoc(clang::TemplateSpecializationTypeLoc type) override {
    nodes_.template_types.push_back({type, in_assertion()});
    return true;
  }
  bool VisitUnaryTransformTypeLoc(clang::UnaryTransformTypeLoc type) override {
    nodes_.transformed_types.push_back(type);
    return true;
  }

protected:
  bool is_walked(const clang::Decl&) const override { return true; }

private:
  /// True, for the visitor's sake.
  template <class Node>
  static bool add(std::vector<const Node*>& nodes, const Node* node) {
    nodes.push_back(node);
    return true;
  }

  UnitNodes& nodes_;
};

}  // namespace

UnitNodes collect_nodes(clang::ASTContext& context, const Places& places) {
  UnitNodes nodes;
  nodes.declarations = users_declarations(context, places);
  NodeWalk walk(nodes, places);
  for (clang::Decl* declaration : nodes.declarations) walk.TraverseDecl(declaration);
  return nodes;
}

InitialiserNodes collect_library_initialisers(clang::ASTContext& context, const Places& places) {
  InitialiserNodes found;
  InitialiserWalk walk(found, places);
  for (clang::Decl* declaration : library_declarations(context, places)) walk.TraverseDecl(declaration);
  return found;
}

}  // namespace wml::extract
