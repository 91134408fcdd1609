#pragma once

#include "extract/function_body.h"
#include "extract/places.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Containers of one function that hold all of a stream and are walked once.
void add_whole_inputs(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                      std::vector<WholeInputFact>& facts);

}  // namespace wml::extract
