#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/known_layouts.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// Adds what the code of the unit does with the records: hazards that only uses tell, and the instances.
void add_record_uses(clang::ASTContext& context, const Places& places, const UnitNodes& nodes,
                     const KnownLayouts& layouts);

}  // namespace wml::extract
