#pragma once

#include <vector>

#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

namespace wml {

/// One entry of the data section: its fact, and where its parts lie in the file.
struct DataEntry {
  SegmentFact fact;
  std::uint64_t offset = 0;       ///< of its flags
  std::uint64_t size_offset = 0;  ///< of the size field, before the content
};

/// Where each data segment lies in the file, and what of it is zero. Offset expressions stay unevaluated here
/// (`address` and `offset_expression` are empty): only the declarations know the globals.
Result<std::vector<DataEntry>> read_data_section(ByteSpan file, const SectionMap& map);

/// Equal contents of at least `least_bytes` that are stored twice and are not all zero: whole segments, and blocks
/// inside of them. Ordered by size, biggest first; at most 64.
std::vector<DuplicateData> find_duplicates(ByteSpan file, const std::vector<SegmentFact>& segments,
                                           std::uint64_t least_bytes);

}  // namespace wml
