#pragma once

#include <string>
#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Says in `facts` who hands out heap memory and by which imports the host grows it: by function names and imports,
/// else by what the code shows. "unknown" when nothing tells. `facts` has functions, imports, exports and toolchain
/// filled in.
void find_allocators(ByteSpan file, const std::vector<BodySummary>& bodies, const ScanInput& input, ModuleFacts& facts);

}  // namespace wml
