#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/places.h"
#include "extract/unit_nodes.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// Fills in what the functions of a unit do with the heap.
void add_heap_use(clang::ASTContext& context, const Places& places, const UnitNodes& nodes, SourceFacts& facts);

}  // namespace wml::extract
