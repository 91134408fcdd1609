#pragma once

#include <span>
#include <string>

#include "analyzer/report/paint.h"
#include "analyzer/report/report.h"
#include "analyzer/report/text.h"

namespace wml {

/// How large the stack is and where it lies.
std::string stack_text(const StackFact& stack);

/// How deep the stack can get, and on which way.
std::string stack_use_text(const ModuleFacts& module, const Paint& paint);

/// What `wasm-memlint stack` prints; at most `rows` lines of each list.
std::string to_stack_text(std::span<const ModuleReport> reports, const TextStyle& style, std::size_t rows);

}  // namespace wml
