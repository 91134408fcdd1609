#pragma once

#include <optional>
#include <vector>

#include "analyzer/wasm/call_graph.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Which functions allocate by their names (C, C++, Rust), for the scan to watch. Only names and exports are looked at.
std::vector<bool> named_allocating_functions(const ModuleFacts& facts);

/// What the module can ask its allocator for. Nothing when the functions that allocate are not known: they are found by
/// name (C, C++, Rust), by export, or by the allocator's fingerprint, `facts.allocator.functions`.
///
/// Sound where it is proven: no run asks for more, if the host calls _start or _initialize once and moves nothing
/// behind the module's back. The scan watched the functions of `named_allocating_functions`.
std::optional<HeapDemand> find_heap_demand(ByteSpan file, const ModuleFacts& facts, const ModuleCode& code,
                                           const CallGraph& graph, const Components& components);

}  // namespace wml
