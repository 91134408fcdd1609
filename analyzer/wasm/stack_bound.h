#pragma once

#include <vector>

#include "analyzer/wasm/binaryen_reader.h"
#include "analyzer/wasm/body_scan.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Proves how deep the shadow stack can get, and fills in `stack`'s bound, entries, frames and cycles. The bodies must
/// have been scanned with `stack.pointer_global` as their stack pointer.
///
/// Sound as far as its assumptions hold, which are named: a run never goes deeper than a bound.
void prove_stack_bound(const ModuleFacts& facts, const std::vector<BodySummary>& bodies, const ScanInput& input,
                       const std::vector<TableFact>& tables, const std::vector<std::uint32_t>& loose_functions,
                       StackFact& stack);

}  // namespace wml
