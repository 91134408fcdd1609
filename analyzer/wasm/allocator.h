#pragma once

#include <string>
#include <vector>

#include "rules/model/module_facts.h"

namespace wml {

/// The allocators that names and imports show. The first is the one that grows memory, as far as names tell;
/// "unknown" when nothing tells.
struct Allocators {
  AllocatorFact main;
  std::vector<std::string> others;
};

/// `facts` has functions, imports, exports and toolchain filled in.
Allocators find_allocators(const ModuleFacts& facts);

/// The host imports by which a module asks for more memory.
std::vector<ImportName> find_growth_imports(const ModuleFacts& facts);

}  // namespace wml
