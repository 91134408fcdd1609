#pragma once

#include <vector>

#include "clang/AST/ASTContext.h"
#include "extract/places.h"

namespace wml::extract {

/// What a visitor starts from: the declarations of the unit, or of the part of it that the caller of Clang limits the
/// traversal to (clangd: the main file), without those of system headers.
std::vector<clang::Decl*> users_declarations(clang::ASTContext& context, const Places& places);

/// The others: what the templates of libraries were made into is among them.
std::vector<clang::Decl*> library_declarations(clang::ASTContext& context, const Places& places);

}  // namespace wml::extract
