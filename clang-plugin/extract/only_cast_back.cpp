#include "extract/only_cast_back.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"

namespace wml::extract {
namespace {

class Uses : public clang::DynamicRecursiveASTVisitor {
public:
  explicit Uses(const clang::ParmVarDecl* parameter) : parameter_(parameter) {}

  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    if (name->getDecl() == parameter_) ++uses;
    return true;
  }

  bool VisitCastExpr(clang::CastExpr* cast) override {
    if (cast->getCastKind() != clang::CK_BitCast || !cast->getType()->isPointerType()) return true;
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(cast->getSubExpr()->IgnoreParenImpCasts());
    if (name != nullptr && name->getDecl() == parameter_ && cast->getType()->getPointeeType()->isRecordType())
      ++casts_back;
    return true;
  }

  unsigned uses = 0;
  unsigned casts_back = 0;

private:
  const clang::ParmVarDecl* parameter_;
};

}  // namespace

bool only_casts_back(const clang::FunctionDecl& function, unsigned parameter) {
  const clang::FunctionDecl* definition = nullptr;
  if (!function.hasBody(definition) || parameter >= definition->getNumParams()) return false;
  const clang::ParmVarDecl* given = definition->getParamDecl(parameter);
  if (!given->getType()->isVoidPointerType()) return false;
  Uses uses(given);
  uses.TraverseStmt(definition->getBody());
  return uses.uses == uses.casts_back;
}

}  // namespace wml::extract
