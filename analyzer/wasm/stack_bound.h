#pragma once

#include <vector>

#include "analyzer/wasm/call_graph.h"
#include "analyzer/wasm/recursion_limits.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Proves how deep the shadow stack can get, and fills in what `stack` says of functions, entries, causes, assumptions
/// and deepest calls. The bodies must have been scanned with `stack.pointer_global` as their stack pointer.
///
/// Sound as far as its assumptions hold, which are named: a run never goes deeper than a bound.
void prove_stack_bound(const ModuleFacts& facts, const ModuleCode& code, const CallTargets& targets,
                       const CallGraph& graph, const Components& components, const std::vector<RecursionLimit>& limits,
                       StackFact& stack);

}  // namespace wml
