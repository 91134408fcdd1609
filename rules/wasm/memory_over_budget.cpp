#include <algorithm>

#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

/// "stack 16 pages, data 3 KiB": the causes, biggest first.
std::string biggest_causes(const Estimate& estimate) {
  std::vector<Cause> causes = estimate.causes;
  std::ranges::sort(causes, std::ranges::greater{}, &Cause::bytes);
  std::string text;
  for (std::size_t i = 0; i < causes.size() && i < 3; ++i) {
    if (causes[i].bytes == 0) break;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(causes[i].kind), bytes_text(causes[i].bytes));
  }
  return text;
}

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  const std::uint64_t needed = program.estimate.minimum_pages;
  if (!program.budget_pages || needed <= *program.budget_pages) return;
  Draft draft;
  draft.message = fmt::format("the module starts with {}, {} over its budget of {}", pages_text(needed),
                              pages_text(needed - *program.budget_pages), *program.budget_pages);
  const std::string causes = biggest_causes(program.estimate);
  if (!causes.empty()) draft.help = "most of it: " + causes;
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule memory_over_budget = {
    .info = {.id = "memory-over-budget",
             .summary = "Finds modules whose initial memory is above the budget.",
             .default_severity = Severity::error,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
