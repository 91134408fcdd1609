#include <fmt/format.h>

#include "rules/rule.h"

namespace wml::rule {
namespace {

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  for (const GrowSite& site : program.module.growth.sites) {
    if (site.result != GrowResult::ignored) continue;
    Draft draft;
    draft.message = "the result of memory.grow is dropped: nothing in this function notices when growing fails";
    draft.where.wasm = WasmLocation{.file_offset = site.file_offset,
                                    .function = site.function,
                                    .function_name = program.module.functions[site.function].name};
    draft.help = "compare the result with -1 and fail the allocation";
    out.report(std::move(draft));
  }
}

}  // namespace

extern constinit const Rule heap_grow_unchecked = {
    .info = {.id = "heap-grow-unchecked",
             .summary = "Finds memory.grow instructions whose result is dropped.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
