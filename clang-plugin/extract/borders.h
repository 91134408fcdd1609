#pragma once

#include "extract/known_layouts.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// Hazards of records and enumerations that cross the border of the module, or of C: in signatures and variables that
/// are exported, imported or declared extern "C" in C++, and behind pointers in what these pass.
void add_border_uses(const Places& places, const UnitNodes& nodes, const KnownLayouts& layouts);

}  // namespace wml::extract
