#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analyzer/commands/commands.h"
#include "analyzer/commands/sources.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/source_text.h"
#include "analyzer/source/prove_fixes.h"
#include "analyzer/source/source_report.h"
#include "rules/rule.h"

namespace wml {
namespace {

using Json = nlohmann::ordered_json;

struct FixCommand {
  SourceOptions source;
  bool apply = false;
  bool dry_run = false;
};

std::string_view to_string(FixState state) {
  switch (state) {
    case FixState::proven: return "proven";
    case FixState::overlaps: return "overlaps";
    case FixState::rejected: return "rejected";
  }
  return "rejected";
}

std::string to_json(const ProvenFixes& fixes, bool applied) {
  Json list = Json::array(), files = Json::array();
  for (const FixOutcome& outcome : fixes.outcomes) {
    const SourceLocation& where = *outcome.finding->where.source;
    list.push_back({{"rule", outcome.finding->rule->id},
                    {"title", outcome.finding->fix->title},
                    {"where", {{"file", where.file}, {"line", where.line}, {"column", where.column}}},
                    {"state", to_string(outcome.state)},
                    {"why", outcome.why.empty() ? Json(nullptr) : Json(outcome.why)}});
  }
  for (const auto& [path, text] : fixes.after)
    files.push_back({{"file", path}, {"diff", unified_diff(path, fixes.before.at(path), text)}});
  const Json out = {{"schema_version", 1}, {"applied", applied}, {"fixes", list}, {"files", files}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_text(const ProvenFixes& fixes, bool applied) {
  std::string text;
  if (!applied) {
    for (const auto& [path, after] : fixes.after) text += unified_diff(path, fixes.before.at(path), after);
  }
  std::size_t proven = 0;
  for (const FixOutcome& outcome : fixes.outcomes) {
    proven += outcome.state == FixState::proven ? 1 : 0;
    const SourceLocation& where = *outcome.finding->where.source;
    text += fmt::format(
        "{}:{}: {}: {}{}\n", printable(where.file), where.line, printable(outcome.finding->fix->title),
        outcome.state == FixState::proven ? (applied ? "done" : "proven") : "left alone: ", printable(outcome.why));
  }
  text += fmt::format("{} of {} fixes {} in {} file{}\n", proven, fixes.outcomes.size(),
                      applied ? "made" : "can be made (--apply makes them)", fixes.after.size(),
                      fixes.after.size() == 1 ? "" : "s");
  return text;
}

int run_fix(const FixCommand& command) {
  const auto planned = plan_sources(command.source);
  if (!planned.ok()) return usage_error(planned.error().message);
  const SourcePlan& plan = planned.value();
  auto units = extract_units(command.source.extract, plan.units);
  if (!units.ok()) return usage_error(units.error().message);
  const std::vector<SourceFacts> read = units.value();  // merging takes what it unites
  const SourceFacts facts = merge_units(units.value(), all_read(read) ? plan.coverage : Coverage::some_units);
  const SourceReport report = report_on_sources(units.value(), facts, plan.config.rules);
  const auto proven = prove_fixes(command.source.extract, read, facts, report.rules.findings);
  if (!proven.ok()) return usage_error(proven.error().message);
  const ProvenFixes& fixes = proven.value();
  if (command.apply) {
    const auto written = write_files(fixes.before, fixes.after);
    if (!written.ok()) return usage_error(written.error().message);
  }
  fmt::print("{}",
             command.source.common.format == "json" ? to_json(fixes, command.apply) : to_text(fixes, command.apply));
  std::fflush(stdout);
  fmt::print(stderr, "{}", source_errors_text(report.errors));
  return report.failed_units > 0 ? kUnreadable : kClean;
}

}  // namespace

void add_fix(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("fix", "Prove the fixes of `source`, show them as a diff, or make them");
  auto options = std::make_shared<FixCommand>();
  add_source_options(*command, options->source);
  CLI::Option* apply = command->add_flag("--apply", options->apply, "Change the files: all of them or none");
  command->add_flag("--dry-run", options->dry_run, "Print the changes as a diff (the default)")->excludes(apply);
  command->footer(
      "Exit codes: 0 done, 2 bad usage or a file cannot be written, 3 a unit does not compile or cannot be read\n\n"
      "Example: wasm-memlint fix -p build --rule struct-padding --apply");
  command->callback([options, &run] { run = [options] { return run_fix(*options); }; });
}

}  // namespace wml
