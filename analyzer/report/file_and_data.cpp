#include <algorithm>
#include <utility>

#include "analyzer/report/report.h"
#include "analyzer/sorted.h"

namespace wml {

std::vector<LabelBytes> bytes_by_label(const ModuleFacts& module) {
  std::vector<LabelBytes> labels;
  const auto add = [&labels](const std::string& label, std::uint64_t bytes) {
    if (bytes == 0) return;
    const auto found = std::ranges::find(labels, label, &LabelBytes::label);
    if (found == labels.end()) {
      labels.push_back({label, bytes});
    } else {
      found->bytes += bytes;
    }
  };
  std::uint64_t labelled = 0;
  for (const FileRange& range : module.ranges) {
    add(range.label, range.bytes);
    labelled += range.bytes;
  }
  add("component", module.file_bytes - labelled);
  std::ranges::stable_sort(labels, std::ranges::greater{}, &LabelBytes::bytes);
  return labels;
}

DataCoverage data_coverage(const ModuleFacts& module) {
  std::vector<const SegmentFact*> placed;
  for (const SegmentFact& segment : module.segments) {
    if (!segment.passive && segment.address && segment.bytes > 0) placed.push_back(&segment);
  }
  sort_if_needed(placed, [](const SegmentFact* a, const SegmentFact* b) {
    return std::pair(a->memory, *a->address) < std::pair(b->memory, *b->address);
  });
  DataCoverage result;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const SegmentFact& segment = *placed[i];
    if (i > 0 && placed[i - 1]->memory == segment.memory) {
      if (*segment.address > end) result.gaps += *segment.address - end;
      if (*segment.address < end) result.overlaps += std::min(end, segment.end()) - *segment.address;
      end = std::max(end, segment.end());
    } else {
      end = segment.end();
    }
  }
  return result;
}

}  // namespace wml
