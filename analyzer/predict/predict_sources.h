#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rules/model/estimate.h"
#include "rules/model/finding.h"
#include "rules/model/module_facts.h"

namespace wml {

/// What the program needs once its sources are fixed. Several findings may be about one record, and memory is rounded
/// to pages once, at the end: nothing else adds savings of sources up.
struct SourcePrediction {
  std::uint64_t static_bytes_saved = 0;      ///< of static objects, as far as the sources show them
  std::optional<std::uint64_t> pages_now;    ///< initial pages of 64 KiB of the module, when one is given
  std::optional<std::uint64_t> pages_fixed;  ///< the same with all static savings, if every such object is linked in
};

/// `module` is what the sources were linked to, or null.
SourcePrediction predict_sources(std::span<const Finding> findings, const ModuleFacts* module,
                                 const Estimate* estimate);

}  // namespace wml
