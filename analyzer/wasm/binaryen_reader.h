#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/wasm/data_section.h"
#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

// The only place that knows Binaryen. No exception of it and none of its warnings leave binaryen_reader.cpp.

namespace wml {

/// Where an active data segment is copied to.
struct SegmentOffset {
  std::optional<std::uint64_t> address;
  std::string expression;  ///< when `address` is unknown
};

/// Functions that a call through a table or a reference may reach.
struct TableFact {
  bool host_can_fill = false;            ///< imported or exported
  std::vector<std::uint32_t> functions;  ///< of active element segments
};

/// What a module declares, all function bodies aside.
struct Declarations {
  std::vector<MemoryFact> memories;
  std::vector<GlobalFact> globals;           ///< all of them; not only integers
  std::vector<ImportName> function_imports;  ///< function i is imported as function_imports[i]
  std::uint32_t functions = 0;               ///< imported and defined
  std::vector<ExportedFunction> function_exports;
  std::vector<SegmentOffset> segment_offsets;  ///< one per data segment; empty for passive ones
  std::optional<std::uint32_t> start;
  std::vector<TableFact> tables;
  std::vector<std::uint32_t> loose_functions;  ///< of passive and declarative segments, and of globals
};

/// Reads everything but custom sections, function bodies and data contents, which Binaryen is not given: names may
/// not be valid UTF-8, and the rest is read faster by its offsets. Errors carry offsets of the original file.
Result<Declarations> read_declarations(ByteSpan file, const SectionMap& map, const std::vector<DataEntry>& entries);

/// Assembles a module in the text format; the result has a name section. Errors say line and column.
Result<std::vector<std::uint8_t>> assemble_text(std::string_view text);

}  // namespace wml
