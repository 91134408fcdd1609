#pragma once

#include <optional>
#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "rules/model/module_facts.h"

namespace wml {

/// The global to count frames by before the bodies are scanned: the named stack pointer, or the first mutable global
/// that can be one. find_stack decides once they are.
std::optional<std::uint32_t> likely_stack_pointer(const ModuleFacts& facts);

/// The shadow stack: which global points to it, and how much of the initial memory it takes. `facts` has memories,
/// globals, segments and toolchain filled in. Nothing when no global looks like a stack pointer.
///
/// Stack-first modules (below the data) tell their exact size. In data-first modules the stack ends where the heap
/// begins, and bss lies between data and stack: only a range is known unless a symbol tells more.
std::optional<StackFact> find_stack(const ModuleFacts& facts, const std::vector<BodySummary>& bodies);

}  // namespace wml
