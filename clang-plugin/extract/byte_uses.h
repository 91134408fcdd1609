#pragma once

#include "extract/size_uses.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// Hazards of records, and of what they hold, whose bytes are looked at without naming fields, or may be.
void add_byte_uses(clang::ASTContext& context, const UnitNodes& nodes, const KnownLayouts& layouts,
                   const WholeMoves& whole);

}  // namespace wml::extract
