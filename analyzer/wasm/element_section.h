#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/wasm/section_map.h"

namespace wml {

/// One element segment: the functions that it holds, and where they go.
struct ElementEntry {
  bool active = false;
  std::uint32_t table = 0;  ///< of an active one
  std::vector<std::uint32_t> functions;
};

/// Reads the element section (core specification, 5.5.12). Of expressions only the functions that they name count.
/// Indices are not checked.
Result<std::vector<ElementEntry>> read_elements(ByteSpan file, const SectionMap& map);

/// The functions that initial values of globals and tables name. Binaryen cannot read such a section without them.
Result<std::vector<std::uint32_t>> functions_of_initial_values(ByteSpan file, const SectionMap& map);

}  // namespace wml
