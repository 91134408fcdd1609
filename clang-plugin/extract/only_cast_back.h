#pragma once

#include "clang/AST/Decl.h"

namespace wml::extract {

/// Whether a function does nothing with a pointer that it is given but convert it to one to a record, as comparators
/// and callbacks do. No where its body is not seen.
bool only_casts_back(const clang::FunctionDecl& function, unsigned parameter);

}  // namespace wml::extract
