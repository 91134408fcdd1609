#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/known_records.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// Adds the initialiser lists of the records, and the initialisers of their constructors.
void add_initialisers(clang::ASTContext& context, const Places& places, const UnitNodes& nodes,
                      const KnownRecords& records);

}  // namespace wml::extract
