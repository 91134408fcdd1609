#pragma once

#include "extract/function_body.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// What lambdas copy that run only where they are written, and only read it.
void add_captured_copies(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                         std::vector<CopyFact>& facts);

}  // namespace wml::extract
