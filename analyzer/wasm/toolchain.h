#pragma once

#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Which toolchain made the module, from its producers section, symbols and imports; unknown where none of them says.
/// `facts` has functions, exports, globals and producers filled in.
ToolchainFact find_toolchain(const ModuleFacts& facts, const SectionMap& map);

}  // namespace wml
