#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/wasm/section_map.h"

namespace wml {

/// Kinds of exports (core specification, 5.5.10).
enum class ExportKind : std::uint8_t { function, table, memory, global, tag };

/// One export; the name is a part of the file.
struct ExportEntry {
  std::string_view name;
  ExportKind kind = ExportKind::function;
  std::uint32_t index = 0;
};

/// Reads the export section. It is read here and not by Binaryen because dynamically linked modules export tens of
/// thousands of long names, each of which Binaryen keeps in a table. Errors: unknown kinds, broken UTF-8, a name that
/// is exported twice. Indices are not checked.
Result<std::vector<ExportEntry>> read_exports(ByteSpan file, const SectionMap& map);

}  // namespace wml
