#pragma once

#include <vector>

#include "analyzer/wasm/call_graph.h"
#include "rules/model/stack_facts.h"

namespace wml {

/// The calls on the deepest paths from the entries, deepest first as far as they have bounds; at most `most` of them.
/// A function is followed once: where it is called again, its calls stand below the deeper of the two.
std::vector<StackCall> deepest_calls(const CallGraph& graph, const StackFact& stack, std::size_t most);

}  // namespace wml
