#pragma once

#include "clang/AST/Type.h"

namespace wml::extract {

/// Whether objects of the type can be made, copied and destroyed in any order: scalars, the standard library's
/// containers of such, and records of such whose own code does nothing.
bool is_order_free(clang::QualType type);

}  // namespace wml::extract
