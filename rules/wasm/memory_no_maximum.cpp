#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

bool can_grow(const ModuleFacts& module, const MemoryFact& memory) {
  for (const GrowSite& site : module.growth.sites) {
    if (site.memory == memory.index) return true;
  }
  return memory.import || !module.growth.host_imports.empty();
}

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (module.dylink || module.relocatable) return;  // their memory belongs to the module that they become part of
  for (const MemoryFact& memory : module.memories) {
    if (memory.maximum_pages || !can_grow(module, memory)) continue;
    Draft draft;
    draft.message =
        fmt::format("memory {} can grow and declares no maximum: only the runtime's limit stops it", memory.index);
    std::optional<std::uint64_t> pages = program.budget_pages;
    if (!pages) pages = program.estimate.recommended_maximum_pages;
    if (pages && *pages < memory.minimum_pages) pages.reset();
    const std::string flag = advice::maximum_memory(module.toolchain.id, pages);
    const bool has_flag = module.toolchain.id != Toolchain::go;
    draft.help = pages || !has_flag ? flag : "once the peak is known, " + flag;
    out.report(std::move(draft));
  }
}

}  // namespace

extern constinit const Rule memory_no_maximum = {
    .info = {.id = "memory-no-maximum",
             .summary = "Finds memories that can grow and declare no maximum.",
             .default_severity = Severity::info,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
