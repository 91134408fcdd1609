#include "analyzer/predict/predict_sources.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/model/pages.h"

namespace wml {

SourcePrediction predict_sources(std::span<const Finding> findings, const ModuleFacts* module,
                                 const Estimate* estimate) {
  // Of the findings about one record the one that saves most is certain to be reached when all are followed.
  std::map<std::tuple<std::string, std::uint64_t>, std::uint64_t> by_place;
  for (const Finding& finding : findings) {
    if (!finding.saving || finding.saving->space != Space::linear_memory || !finding.where.source) continue;
    std::uint64_t& most = by_place[{finding.where.source->file, finding.where.source->offset}];
    most = std::max(most, finding.saving->low_bytes);
  }
  SourcePrediction prediction;
  for (const auto& [place, bytes] : by_place)
    prediction.static_bytes_saved = saturating_add(prediction.static_bytes_saved, bytes);
  if (module == nullptr || estimate == nullptr || module->memories.empty()) return prediction;
  prediction.pages_now = estimate->minimum_pages;
  // The linker takes as many pages as the static part needs; where the memory was made larger by hand, it stays.
  const std::uint64_t top = module->map.heap_base.value_or(module->map.static_end.value_or(0));
  const std::uint64_t memory_bytes = module->memories.front().minimum_bytes();
  if (top == 0 || pages_for(top) != pages_for(memory_bytes)) return prediction;
  const std::uint64_t saved = std::min(prediction.static_bytes_saved, top);
  prediction.pages_fixed = estimate->minimum_pages - pages_for(top) + pages_for(top - saved);
  return prediction;
}

}  // namespace wml
