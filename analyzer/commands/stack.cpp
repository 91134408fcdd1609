#include <memory>

#include "analyzer/commands/analysis.h"
#include "analyzer/commands/commands.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text_stack.h"

namespace wml {
namespace {

struct StackOptions {
  AnalysisOptions analysis;
  std::size_t rows = 20;
};

int run_stack(const StackOptions& options) {
  const auto planned = plan_analysis(options.analysis);
  if (!planned.ok()) return usage_error(planned.error().message);
  const AnalysisPlan& plan = planned.value();
  return run_analysis(
      plan,
      [&](const Reports& reports) {
        return plan.json ? to_stack_json(reports) : to_stack_text(reports, plan.style, options.rows);
      },
      [](const Reports&) { return int{kClean}; });
}

}  // namespace

void add_stack(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("stack", "Show how deep the stack can get: calls, frames, exports, cycles");
  auto options = std::make_shared<StackOptions>();
  add_analysis_options(*command, options->analysis);
  command->add_option("--rows", options->rows, "Lines of each list (default: 20); --format json has all")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1000000}));
  command->footer(
      "Exit codes: 0 done, 2 bad usage, 3 an input cannot be read\n\n"
      "Example: wasm-memlint stack --rows 50 build/app.wasm");
  command->callback([options, &run] { run = [options] { return run_stack(*options); }; });
}

}  // namespace wml
