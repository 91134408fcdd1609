#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/known_records.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// How often the fields that are bools are read and written, and what could not be done with bit-fields. Whatever is no
/// plain read, assignment or initialisation binds a reference, as far as is known.
void add_bool_uses(clang::ASTContext& context, const UnitNodes& nodes, const KnownRecords& records);

}  // namespace wml::extract
