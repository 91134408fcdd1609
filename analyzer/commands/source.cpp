#include <algorithm>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "analyzer/analyze.h"
#include "analyzer/commands/commands.h"
#include "analyzer/commands/sources.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/source_json.h"
#include "analyzer/report/source_text.h"
#include "analyzer/source/facts_json.h"

namespace wml {
namespace {

struct SourceCommand {
  SourceOptions source;
  std::vector<std::string> facts_files;
  std::string module;
  std::string fail_on;
};

/// Facts that a compiler with our plugin wrote. A file or a line that cannot be read is an error of its own.
std::vector<SourceFacts> read_facts(const std::vector<std::string>& files) {
  std::vector<SourceFacts> units;
  const auto fail = [&units](const std::string& file, const std::string& why) {
    SourceFacts none;
    none.unit = file;
    none.errors.push_back({{}, why});
    units.push_back(std::move(none));
  };
  for (const std::string& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail(path, "it cannot be read");
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
      auto facts = from_json_line(line);
      if (facts.ok()) {
        units.push_back(std::move(facts.value()));
      } else {
        fail(path, fmt::format("line {}: {}", number, facts.error().message));
      }
    }
  }
  return units;
}

/// The module that the sources are linked to. A component's first core module.
ModuleReport read_linked_module(const std::string& path, const Config& config) {
  const auto bytes = read_file(path);
  if (!bytes.ok()) {
    ModuleReport report{.path = path};
    report.error = bytes.error();
    return report;
  }
  const Request request{path, config.budget_for(path), std::nullopt, config.recursion_limits, {}};
  return std::move(analyze(request, bytes.value(), config.rules).front());
}

int exit_code(const SourceReport& report, Severity fail_on) {
  if (report.failed_units > 0) return kUnreadable;
  const bool failing = std::ranges::any_of(report.rules.findings, [fail_on](const Finding& finding) {
    return fail_on != Severity::off && finding.severity >= fail_on;
  });
  return failing ? kFindings : kClean;
}

int run_source(const SourceCommand& command) {
  SourcePlan plan;
  std::vector<SourceFacts> units;
  if (command.facts_files.empty()) {
    auto planned = plan_sources(command.source);
    if (!planned.ok()) return usage_error(planned.error().message);
    plan = std::move(planned.value());
    auto extracted = extract_units(command.source.extract, plan.units);
    if (!extracted.ok()) return usage_error(extracted.error().message);
    units = std::move(extracted.value());
  } else {
    auto config = load_config(command.source.common);
    if (!config.ok()) return usage_error(config.error().message);
    plan.config = std::move(config.value());
    units = read_facts(command.facts_files);
  }
  const SourceFacts facts = merge_units(units, all_read(units) ? plan.coverage : Coverage::some_units);
  std::optional<ModuleReport> module;
  if (!command.module.empty()) {
    module = read_linked_module(command.module, plan.config);
    if (module->error) return usage_error(command.module + ": " + module->error->message);
  }
  const SourceReport report = report_on_sources(units, facts, plan.config.rules, module ? &*module : nullptr);
  TextStyle style;
  style.color = wants_color(command.source.common);
  fmt::print("{}", command.source.common.format == "json" ? to_source_json(report) : to_source_text(report, style));
  std::fflush(stdout);
  fmt::print(stderr, "{}", source_errors_text(report.errors));
  Severity fail_on = plan.config.fail_on.value_or(Severity::error);
  if (!command.fail_on.empty()) fail_on = command.fail_on == "never" ? Severity::off : *severity_named(command.fail_on);
  return exit_code(report, fail_on);
}

}  // namespace

void add_source(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("source", "Find wasted memory in C and C++ sources: layouts, copies, heap use");
  auto options = std::make_shared<SourceCommand>();
  add_source_options(*command, options->source);
  command->add_option("--facts", options->facts_files, "Judge facts that the compiler's plugin wrote (*.facts.jsonl)")
      ->excludes(command->get_option("--build"));
  command->add_option("--module", options->module, "The module that the sources make: predict its pages once fixed");
  command->add_option("--fail-on", options->fail_on, "Exit with 1 on findings from this severity on (default: error)")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}));
  command->footer(
      "Exit codes: 0 clean, 1 findings, 2 bad usage, 3 a unit does not compile or cannot be read\n\n"
      "Example: wasm-memlint source -p build --fail-on warning src/parser.cpp");
  command->callback([options, &run] { run = [options] { return run_source(*options); }; });
}

}  // namespace wml
