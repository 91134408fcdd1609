#pragma once

#include "extract/function_body.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Results that are copies of what the caller has already (borrowing_functions.h), and that it only reads.
void add_borrowed_results(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                          std::vector<CopyFact>& facts);

}  // namespace wml::extract
