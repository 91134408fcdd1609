#pragma once

#include <cstdint>
#include <span>

#include "rules/model/estimate.h"
#include "rules/model/finding.h"
#include "rules/model/module_facts.h"

namespace wml {

/// What the module needs once its findings are fixed. Findings overlap, so bytes are united before they are counted,
/// and memory is rounded to pages once, at the end: this is the only place that adds savings up.
struct Prediction {
  std::uint64_t certain_pages = 0;     ///< initial pages of 64 KiB with the savings that are certain
  std::uint64_t possible_pages = 0;    ///< initial pages with all savings, the uncertain ones too
  std::uint64_t file_bytes_saved = 0;  ///< bytes of the file that all findings claim together
};

Prediction predict(const ModuleFacts& module, const Estimate& estimate, std::span<const Finding> findings);

}  // namespace wml
