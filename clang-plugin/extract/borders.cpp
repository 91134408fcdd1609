#include "extract/borders.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "extract/memory_functions.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace wml::extract {
namespace {

bool is_at_border(const clang::Decl& declaration) {
  return declaration.hasAttr<clang::WebAssemblyExportNameAttr>() ||
         declaration.hasAttr<clang::WebAssemblyImportNameAttr>() ||
         declaration.hasAttr<clang::WebAssemblyImportModuleAttr>() || declaration.hasAttr<clang::UsedAttr>();
}

/// In C every function has C linkage, and says nothing by it.
template <class Declaration>
bool is_at_border_or_for_c(const Declaration& declaration) {
  const bool is_cxx = declaration.getASTContext().getLangOpts().CPlusPlus;
  return is_at_border(declaration) || (is_cxx && declaration.isExternC() && declaration.isExternallyVisible());
}

/// What is on the other side of a border knows layouts of C, no more: it cannot look into std's records or into
/// classes with virtual functions that it gets pointers to.
bool has_layout_of_c(const clang::RecordDecl& record) {
  if (!record.isCompleteDefinition()) return false;
  const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(&record);
  return cxx == nullptr || (cxx->isStandardLayout() && !cxx->isInStdNamespace());
}

/// Handles: objects that leave a function as void pointers or integers, and come in again.
class Handles : public clang::DynamicRecursiveASTVisitor {
public:
  bool TraverseReturnStmt(clang::ReturnStmt* statement) override {
    ++in_return_;
    const bool going = clang::DynamicRecursiveASTVisitor::TraverseReturnStmt(statement);
    --in_return_;
    return going;
  }

  bool VisitCastExpr(clang::CastExpr* cast) override {
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(cast->getSubExpr()->IgnoreParenCasts());
    const bool comes_in = name != nullptr && llvm::isa<clang::ParmVarDecl>(name->getDecl());
    const clang::CastKind kind = cast->getCastKind();
    const bool changes =
        kind == clang::CK_BitCast || kind == clang::CK_PointerToIntegral || kind == clang::CK_IntegralToPointer;
    if (changes && (in_return_ > 0 || comes_in)) casts.push_back(cast);
    return true;
  }

  std::vector<const clang::CastExpr*> casts;

private:
  int in_return_ = 0;
};

class Borders {
public:
  Borders(const Places& places, const KnownLayouts& layouts) : places_(places), layouts_(layouts) {}

  void see(const clang::FunctionDecl& function) {
    if (!is_at_border_or_for_c(function)) return;
    if (places_.is_users(function.getLocation())) add_crossing(function.getType(), function.getLocation(), function);
    if (!function.doesThisDeclarationHaveABody()) return;
    Handles handles;
    handles.TraverseStmt(function.getBody());
    if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function)) {
      for (const clang::CXXCtorInitializer* initialiser : constructor->inits())
        handles.TraverseStmt(initialiser->getInit());
    }
    for (const clang::CastExpr* cast : handles.casts) {
      add_crossing(cast->getSubExpr()->IgnoreParenCasts()->getType(), cast->getBeginLoc(), function);
      add_crossing(cast->getType(), cast->getBeginLoc(), function);
    }
  }

  void see(const clang::VarDecl& variable) {
    if (is_at_border_or_for_c(variable) && places_.is_users(variable.getLocation()))
      add_crossing(variable.getType(), variable.getLocation(), variable);
  }

  /// What is given to imports, and to JavaScript inside of C.
  void see(const clang::CallExpr& call) {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    if (callee == nullptr) return;
    if (!is_at_border(*callee) && !called_name(call).starts_with("emscripten_asm_const")) return;
    for (const clang::Expr* argument : call.arguments())
      add_crossing(argument->IgnoreParenCasts()->getType(), call.getBeginLoc(), *callee);
  }

private:
  /// All types that one of these types leads to, through pointers and signatures.
  void add_crossing(clang::QualType crossing, clang::SourceLocation where, const clang::NamedDecl& through) const {
    llvm::SmallPtrSet<const clang::Type*, 16> seen;
    llvm::SmallVector<clang::QualType, 16> open = {crossing};
    while (!open.empty()) {
      const clang::QualType type = open.pop_back_val();
      if (type.isNull() || type->isDependentType() || !seen.insert(type.getCanonicalType().getTypePtr()).second)
        continue;
      if (type->isPointerType() || type->isReferenceType()) {
        open.push_back(type->getPointeeType());
      } else if (const clang::ArrayType* array = type->getAsArrayTypeUnsafe()) {
        open.push_back(array->getElementType());
      } else if (const auto* function = type->getAs<clang::FunctionType>()) {
        open.push_back(function->getReturnType());
        if (const auto* prototype = type->getAs<clang::FunctionProtoType>())
          open.append(prototype->param_type_begin(), prototype->param_type_end());
      } else if (const clang::RecordDecl* record = record_in(type)) {
        layouts_.add_hazard(type, HazardKind::exported_interface, where, through.getNameAsString());
        add_fields(*record, open);
      } else {
        layouts_.enums().add_hazard(layouts_.enums().of(type), HazardKind::exported_interface, where,
                                    through.getNameAsString());
      }
    }
  }

  /// What fields hold by value was added with their record: others are behind pointers, in any depth.
  static void add_fields(const clang::RecordDecl& record, llvm::SmallVectorImpl<clang::QualType>& open) {
    if (!has_layout_of_c(record)) return;
    for (const clang::FieldDecl* field : record.fields()) {
      const clang::QualType type = field->getType();
      const clang::RecordDecl* target = record_in(leaf_of(type));
      if (target == nullptr || has_layout_of_c(*target)) open.push_back(type);
    }
  }

  static clang::QualType leaf_of(clang::QualType type) {
    while (!pointee_of(type).isNull()) type = pointee_of(type);
    return type.getNonReferenceType();
  }

  const Places& places_;
  const KnownLayouts& layouts_;
};

}  // namespace

void add_border_uses(const Places& places, const UnitNodes& nodes, const KnownLayouts& layouts) {
  Borders borders(places, layouts);
  for (const clang::FunctionDecl* function : nodes.functions) borders.see(*function);
  for (const clang::VarDecl* variable : nodes.variables) borders.see(*variable);
  for (const clang::CallExpr* call : nodes.calls) borders.see(*call);
}

}  // namespace wml::extract
