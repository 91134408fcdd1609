#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-pages", std::int64_t{64}, "Report steps of more than this many pages."},
};

constexpr std::uint64_t kMostPages = 65536;  // of a 32-bit memory

void check_constant_steps(const ModuleFacts& module, std::uint64_t most, Reporter& out) {
  for (const GrowSite& site : module.growth.sites) {
    if (!site.delta_pages || site.memory >= module.memories.size()) continue;
    const MemoryFact& memory = module.memories[site.memory];
    const std::uint64_t pages = pages_for(saturating_multiply(*site.delta_pages, memory.page_bytes));
    // More than a memory can have always fails: a way to ask whether growing works, or a mistake of another kind.
    if (pages <= most || pages > memory.maximum_pages.value_or(kMostPages)) continue;
    Draft draft;
    draft.message = fmt::format("memory.grow takes {} at once", pages_text(pages));
    draft.where.wasm = WasmLocation{.file_offset = site.file_offset,
                                    .function = site.function,
                                    .function_name = module.functions[site.function].name};
    draft.help = "grow by what is needed: a step that fails near the limit leaves the rest of the limit unused";
    out.report(std::move(draft));
  }
}

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  check_constant_steps(module, options.number("max-pages"), out);
  const std::uint64_t start = program.estimate.minimum_pages;
  if (module.allocator.policy != GrowthPolicy::doubling || !program.budget_pages || start > *program.budget_pages)
    return;
  if (start * 2 <= *program.budget_pages) return;
  Draft draft;
  draft.message = fmt::format("{} doubles memory when it grows: the first growth asks for {}, and the budget is {}",
                              module.allocator.name, pages_text(start * 2), *program.budget_pages);
  draft.help =
      "start with the budget as initial size if the heap needs it, or choose an allocator that grows by what is "
      "missing";
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_large_growth_step = {
    .info = {.id = "heap-large-growth-step",
             .summary = "Finds growth in steps that are large or double the memory near the budget.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
