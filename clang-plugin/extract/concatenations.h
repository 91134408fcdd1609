#pragma once

#include "extract/function_body.h"
#include "extract/places.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Loops of one function that make a new, longer string in each iteration: `s = s + x`, of a std::string that lives
/// longer than the iteration.
void add_concatenations(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                        std::vector<AllocationFact>& facts);

}  // namespace wml::extract
