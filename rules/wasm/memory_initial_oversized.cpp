#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-excess-pages", std::int64_t{16},
     "Report only if at least this many pages of 64 KiB lie above stack, data and bss."},
};

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  const Estimate& estimate = program.estimate;
  // Where nothing can grow memory, the initial memory is the heap; where the heap's start is unknown, so is the excess.
  const bool one_memory = module.memories.size() == 1 && module.memories.front().page_bytes == kPageBytes;
  if (!one_memory || !module.map.heap_base || module.growth.sites.empty() || module.dylink) return;
  const std::uint64_t excess = estimate.minimum_pages - estimate.static_pages;
  if (excess < options.number("min-excess-pages")) return;
  Draft draft;
  draft.message =
      fmt::format("the initial memory is {}, but stack, data and bss take {}: {} more than is known to be needed",
                  pages_text(estimate.minimum_pages), estimate.static_pages, pages_text(excess));
  draft.saving = Saving{Space::linear_memory, 0, excess * kPageBytes};
  draft.claims.push_back(
      {Space::linear_memory, estimate.static_pages * kPageBytes, estimate.minimum_pages * kPageBytes});
  draft.help = advice::initial_memory(module.toolchain.id, estimate.static_pages) +
               "; a page that is never touched costs address space, and memory only on runtimes that zero it";
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule memory_initial_oversized = {
    .info = {.id = "memory-initial-oversized",
             .summary = "Finds initial memories far larger than stack, data and bss, in modules that can grow.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
