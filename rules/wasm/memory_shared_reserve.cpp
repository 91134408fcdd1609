#include <algorithm>

#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-pages", std::int64_t{1024}, "Report shared memories whose maximum is above this many pages of 64 KiB."},
};

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  for (const MemoryFact& memory : program.module.memories) {
    if (!memory.shared || !memory.maximum_pages) continue;
    const std::uint64_t pages = pages_for(*memory.maximum_bytes());
    const std::uint64_t advised = std::max(program.estimate.minimum_pages, options.number("max-pages"));
    if (pages <= advised) continue;
    Draft draft;
    draft.message = fmt::format(
        "memory {} is shared with a maximum of {} ({}): runtimes reserve all of it at start, and some allocate it",
        memory.index, pages_text(pages), bytes_text(*memory.maximum_bytes()));
    draft.help =
        "lower the maximum to what the program needs: " + advice::maximum_memory(program.module.toolchain.id, advised);
    out.report(std::move(draft));
  }
}

}  // namespace

extern constinit const Rule memory_shared_reserve = {
    .info = {.id = "memory-shared-reserve",
             .summary = "Finds shared memories with a large maximum, which is reserved at start.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
