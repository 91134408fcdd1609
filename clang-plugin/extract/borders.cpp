#include "extract/borders.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"

namespace wml::extract {

bool is_at_border(const clang::Decl& declaration) {
  return declaration.hasAttr<clang::WebAssemblyExportNameAttr>() ||
         declaration.hasAttr<clang::WebAssemblyImportNameAttr>() ||
         declaration.hasAttr<clang::WebAssemblyImportModuleAttr>() || declaration.hasAttr<clang::UsedAttr>();
}

bool is_at_border_or_for_c(const clang::FunctionDecl& function) {
  const bool is_cxx = function.getASTContext().getLangOpts().CPlusPlus;
  return is_at_border(function) || (is_cxx && function.isExternC() && function.isExternallyVisible());
}

}  // namespace wml::extract
