#pragma once

#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "rules/model/module_facts.h"

namespace wml {

/// What lies where in the initial memory. `facts` has everything but `map`, `allocator` and `growth` filled in.
/// The regions follow each other without gaps from 0 to the declared minimum; what cannot be told apart is one region.
MemoryMap make_memory_map(const ModuleFacts& facts, const std::vector<BodySummary>& bodies);

}  // namespace wml
