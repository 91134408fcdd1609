#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/enums.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// Arrays of enumerations, the values that are converted to them, and what a narrower underlying type could change.
void add_enum_uses(clang::ASTContext& context, const Places& places, const UnitNodes& nodes, const KnownEnums& enums);

}  // namespace wml::extract
