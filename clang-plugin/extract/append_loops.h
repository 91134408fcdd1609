#pragma once

#include "extract/function_body.h"
#include "extract/places.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Loops of one function that append to an empty vector a number of times that is known before.
void add_append_loops(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                std::vector<AppendLoopFact>& facts);

}  // namespace wml::extract
