#include "extract/users_declarations.h"

#include "clang/AST/Decl.h"

namespace wml::extract {

namespace {

std::vector<clang::Decl*> declarations_of(clang::ASTContext& context, const Places& places, bool users) {
  std::vector<clang::Decl*> declarations;
  const auto add = [&](clang::Decl* declaration) {
    if (places.is_users(declaration->getLocation()) == users) declarations.push_back(declaration);
  };
  for (clang::Decl* root : context.getTraversalScope()) {
    if (auto* unit = llvm::dyn_cast<clang::TranslationUnitDecl>(root)) {
      for (clang::Decl* declaration : unit->decls()) add(declaration);
    } else {
      add(root);
    }
  }
  return declarations;
}

}  // namespace

std::vector<clang::Decl*> users_declarations(clang::ASTContext& context, const Places& places) {
  return declarations_of(context, places, true);
}

std::vector<clang::Decl*> library_declarations(clang::ASTContext& context, const Places& places) {
  return declarations_of(context, places, false);
}

}  // namespace wml::extract
