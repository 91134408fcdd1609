#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/known_records.h"
#include "extract/places.h"
#include "extract/unit_nodes.h"

namespace wml::extract {

/// Where objects of the records are: variables, members and bases, blocks of the heap, containers.
void add_record_objects(clang::ASTContext& context, const Places& places, const UnitNodes& nodes,
                        const KnownRecords& records);

}  // namespace wml::extract
