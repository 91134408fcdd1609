#pragma once

#include "extract/function_body.h"

namespace wml::extract {

/// Whether one use of a local vector or string may give it more elements, by the function itself or by one that gets a
/// reference which allows it. Moving from it and returning it do not: it ends there.
bool may_grow(const clang::DeclRefExpr& use, const FunctionBody& body);

}  // namespace wml::extract
