#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analyzer/commands/analysis.h"
#include "analyzer/commands/commands.h"
#include "analyzer/profile.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace wml {
namespace {

struct CheckOptions {
  AnalysisOptions analysis;
  std::string budget;
  std::string runtime;
  std::string profile;
  std::string fail_on;
};

int exit_code(Severity fail_on, const Reports& reports) {
  int code = kClean;
  for (const ModuleReport& report : reports) {
    if (report.verdict && report.verdict->outcome == Outcome::cannot_fit) code = kFindings;
    if (fail_on == Severity::off) continue;
    for (const Finding& finding : report.rules.findings) {
      if (finding.severity >= fail_on) code = kFindings;
    }
  }
  return code;
}

/// The profile, if it is one of the only module that is given.
Result<ProfileFacts> load_profile(const std::string& path, const std::vector<std::string>& modules) {
  WML_TRY(Profile profile, read_profile(path));
  if (modules.size() != 1)
    return Error{fmt::format("--profile {} is of one module, and {} are given", path, modules.size()), std::nullopt};
  if (!profile.sha256) return profile.facts;
  if (modules.front() == "-")
    return Error{fmt::format("{}: its sha256 cannot be compared with standard input; give the module as a file", path),
                 std::nullopt};
  const auto bytes = read_file(modules.front());
  // What cannot be read is reported where it is analysed.
  if (!bytes.ok()) return profile.facts;
  const std::optional<std::string> sha256 = sha256_of(bytes.value());
  if (!sha256)
    return Error{fmt::format("{}: its sha256 cannot be compared by this build, which has no LLVM; leave it out", path),
                 std::nullopt};
  if (*sha256 != *profile.sha256)
    return Error{fmt::format("{}: it was measured on another module than {} (their sha256 differ); measure again", path,
                             modules.front()),
                 std::nullopt};
  return profile.facts;
}

int run_check(const CheckOptions& options) {
  auto planned = plan_analysis(options.analysis);
  if (!planned.ok()) return usage_error(planned.error().message);
  AnalysisPlan& plan = planned.value();
  if (!options.budget.empty()) {
    const auto budget = parse_budget(options.budget);
    if (!budget.ok()) return usage_error(budget.error().message);
    plan.budget_pages = budget.value();
  }
  if (!options.profile.empty()) {
    const auto profile = load_profile(options.profile, plan.paths);
    if (!profile.ok()) return usage_error(profile.error().message);
    plan.profile = profile.value();
  }
  if (!options.runtime.empty()) plan.runtime = runtime_named(options.runtime);
  Severity fail_on = plan.config.fail_on.value_or(Severity::error);
  if (!options.fail_on.empty()) fail_on = options.fail_on == "never" ? Severity::off : *severity_named(options.fail_on);
  return run_analysis(
      plan, [&](const Reports& reports) { return plan.json ? to_json(reports) : to_text(reports, plan.style); },
      [&](const Reports& reports) { return exit_code(fail_on, reports); });
}

}  // namespace

void add_check(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("check", "Report what modules need of memory, and why (the default command)");
  auto options = std::make_shared<CheckOptions>();
  add_analysis_options(*command, options->analysis);
  command->add_option("--budget", options->budget, "Fail when a module starts with more: pages (32) or bytes (2MiB)");
  command->add_option("--runtime", options->runtime, "Estimate resident memory for a runtime")
      ->check(CLI::IsMember({"wasmedge", "wasm3", "iwasm", "node"}));
  command->add_option("--profile", options->profile, "Use what runs of the module measured (docs/profile.md)");
  command->add_option("--fail-on", options->fail_on, "Exit with 1 on findings from this severity on (default: error)")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}));
  command->footer(
      "Exit codes: 0 clean, 1 findings or over budget, 2 bad usage, 3 an input cannot be read\n\n"
      "Example: wasm-memlint check --budget 2MiB --format json build/*.wasm");
  command->callback([options, &run] { run = [options] { return run_check(*options); }; });
}

}  // namespace wml
