#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/wasm/data_section.h"
#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

// No exception of Binaryen and none of its warnings leave binaryen_reader.cpp.

namespace wml {

/// Where an active data segment is copied to.
struct SegmentOffset {
  std::optional<std::uint64_t> address;
  std::string expression;  ///< when `address` is unknown
};

/// What a module declares of all but its functions, exports and elements.
struct Declarations {
  std::vector<MemoryFact> memories;
  std::vector<GlobalFact> globals;             ///< all of them; not only integers
  std::vector<ImportName> function_imports;    ///< function i is imported as function_imports[i]
  std::vector<SegmentOffset> segment_offsets;  ///< of the given expressions, in their order
  std::vector<bool> imported_tables;           ///< by table
  std::uint32_t tags = 0;
};

/// Reads types, imports, tables, memories, globals, tags and the offsets of data segments that are no constants.
/// Binaryen is not given the rest: functions, exports, elements, the other segments and, as a rule, globals are read
/// faster by their sections, and names may not be valid UTF-8. `with_functions`: initial values of globals or tables
/// name functions, so that these must be there. Errors carry offsets of the original file.
Result<Declarations> read_declarations(ByteSpan file, const SectionMap& map,
                                       const std::vector<OffsetExpression>& offsets, bool with_functions);

/// Assembles a module in the text format; the result has a name section. Errors say line and column.
Result<std::vector<std::uint8_t>> assemble_text(std::string_view text);

}  // namespace wml
