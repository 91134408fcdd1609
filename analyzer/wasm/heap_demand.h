#pragma once

#include <optional>

#include "analyzer/wasm/call_graph.h"
#include "rules/model/module_facts.h"

namespace wml {

/// What the module can ask its allocator for. Nothing when the functions that allocate are not known: they are found by
/// name (C, C++, Rust), by export, or by the allocator's fingerprint, `facts.allocator.functions`.
///
/// Sound where it is proven: no run asks for more, if the host calls _start or _initialize once and moves nothing
/// behind the module's back.
std::optional<HeapDemand> find_heap_demand(ByteSpan file, const ModuleFacts& facts, const ModuleCode& code,
                                           const CallGraph& graph);

}  // namespace wml
