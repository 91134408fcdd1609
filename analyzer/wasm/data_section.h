#pragma once

#include <vector>

#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

namespace wml {

/// An active segment whose offset is more than one constant, and where its parts lie in the file.
struct OffsetExpression {
  std::uint32_t segment = 0;
  std::uint64_t begin = 0;  ///< of the entry: its flags
  std::uint64_t end = 0;    ///< of the expression
};

struct DataSection {
  std::vector<SegmentFact> segments;
  std::vector<OffsetExpression> expressions;  ///< to evaluate where the globals are known
};

/// Where each data segment lies in the file, and what of it is zero. Those of `expressions` have no address yet.
Result<DataSection> read_data_section(ByteSpan file, const SectionMap& map);

/// Equal contents of at least `least_bytes` that are stored twice and are not all zero: whole segments, and blocks
/// inside of them. Ordered by size, biggest first; at most 64.
std::vector<DuplicateData> find_duplicates(ByteSpan file, const std::vector<SegmentFact>& segments,
                                           std::uint64_t least_bytes);

}  // namespace wml
