#pragma once

#include "clang/AST/ASTContext.h"
#include "extract/places.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// Fills in what the functions of a unit do with the heap.
void add_heap_use(clang::ASTContext& context, const Places& places, SourceFacts& facts);

}  // namespace wml::extract
