#pragma once

#include "extract/function_body.h"
#include "extract/places.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Copies of heap-owning objects in the functions of a unit that are only read.
std::vector<CopyFact> read_copies(const Functions& functions, const Places& places);

}  // namespace wml::extract
