#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-bytes", std::int64_t{16384}, "Report only modules whose stack, data and bss take at most this many bytes."},
};

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (module.memories.size() != 1 || module.dylink || module.relocatable) return;
  const MemoryFact& memory = module.memories.front();
  // An importer's pages are the host's choice, and what grows needs the memory for its heap.
  if (memory.import || memory.page_bytes != kPageBytes || memory.minimum_pages != 1 ||
      program.estimate.bound_pages != 1U)
    return;
  // An allocator without memory.grow has the rest of the page for its heap.
  if (!module.map.heap_base || module.allocator.basis.evidence == Evidence::symbol) return;
  const std::uint64_t needed = *module.map.heap_base;
  if (needed > options.number("max-bytes")) return;
  Draft draft;
  draft.message = fmt::format("stack, data and bss end at {} and memory cannot grow: most of its only page is unused",
                              bytes_text(needed));
  draft.saving = Saving{Space::linear_memory, 0, kPageBytes - needed};
  draft.help = fmt::format(
      "where the runtime knows the custom-page-sizes proposal: link with -Wl,--page-size=1 for a memory of about {} "
      "bytes",
      needed);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule memory_fits_smaller_page = {
    .info = {.id = "memory-fits-smaller-page",
             .summary = "Finds tiny modules that would fit into a fraction of a page.",
             .default_severity = Severity::info,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
