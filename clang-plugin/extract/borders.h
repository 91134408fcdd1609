#pragma once

#include "clang/AST/Decl.h"

/// What is used from outside of the module, or from another language.
namespace wml::extract {

/// Imported from, or exported to, what is outside of the module.
bool is_at_border(const clang::Decl& declaration);

/// The same for a function, or one that C may call from C++.
bool is_at_border_or_for_c(const clang::FunctionDecl& function);

}  // namespace wml::extract
