#pragma once

#include "extract/function_body.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Parameters and results that are copied where they could be moved.
void add_missed_moves(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                      std::vector<CopyFact>& facts);

}  // namespace wml::extract
