#pragma once

#include "clang/AST/Type.h"

namespace wml::extract {

/// Whether objects of type `whole` are of type `part` or hold such an object: as a field, a base, an element, or owned
/// by a smart pointer. What plain pointers and references lead to is no part.
bool may_hold(clang::QualType whole, clang::QualType part);

}  // namespace wml::extract
