#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  if (!program.budget_pages || program.estimate.minimum_pages > *program.budget_pages) return;
  if (!program.estimate.bound_pages || *program.estimate.bound_pages <= *program.budget_pages) return;
  Draft draft;
  draft.message = fmt::format("the declared maximum of {} lets memory grow past the budget of {}",
                              pages_text(*program.estimate.bound_pages), *program.budget_pages);
  draft.help = advice::maximum_memory(program.module.toolchain.id, program.budget_pages);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule memory_max_over_budget = {
    .info = {.id = "memory-max-over-budget",
             .summary = "Finds modules that fit their budget at start but may grow past it.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
