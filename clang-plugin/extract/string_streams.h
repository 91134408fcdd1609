#pragma once

#include "extract/function_body.h"
#include "extract/places.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// String streams of one function that a loop makes anew in each iteration, and that it could use again.
void add_string_streams(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                        std::vector<AllocationFact>& facts);

}  // namespace wml::extract
