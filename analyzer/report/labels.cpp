#include <algorithm>
#include <cassert>

#include "analyzer/report/report.h"

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

}  // namespace wml
