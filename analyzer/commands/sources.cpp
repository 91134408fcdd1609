#include "analyzer/commands/sources.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "rules/engine/registry.h"
#include "rules/engine/run_rules.h"

namespace wml {
namespace {

namespace fs = std::filesystem;

std::string absolute_path(const std::string& path) {
  std::error_code failed;
  const fs::path canonical = fs::weakly_canonical(path, failed);
  return failed ? path : canonical.string();
}

/// The units of the build that the user names, by path or by the end of it; all where none is named.
Result<std::vector<std::string>> chosen_units(const std::vector<std::string>& all,
                                              const std::vector<std::string>& files) {
  if (files.empty()) return all;
  std::vector<std::string> chosen;
  for (const std::string& file : files) {
    const std::string path = absolute_path(file);
    const std::size_t before = chosen.size();
    for (const std::string& unit : all) {
      const bool named = absolute_path(unit) == path || unit.ends_with("/" + file);
      if (named && std::ranges::find(chosen, unit) == chosen.end()) chosen.push_back(unit);
    }
    if (chosen.size() == before)
      return Error{fmt::format("{}: the build has no command that compiles it", file), std::nullopt};
  }
  return chosen;
}

/// Turns every rule off that is not named.
Result<bool> keep_rules(const std::vector<std::string>& names, RuleSettings& settings) {
  for (const std::string& name : names) {
    const Rule* rule = find_rule(name);
    if (rule == nullptr || !reads_sources(*rule))
      return Error{fmt::format("\"{}\" is no rule over sources; `wasm-memlint rules` lists them", name), std::nullopt};
  }
  if (names.empty()) return true;
  for (auto& [id, setting] : settings.rules) {
    if (std::ranges::find(names, id) == names.end()) setting.severity = Severity::off;
  }
  return true;
}

}  // namespace

void add_source_options(CLI::App& command, SourceOptions& options) {
  options.extract.jobs = std::max(1U, std::thread::hardware_concurrency());
  command.add_option("FILE", options.files, "Units to read: with -p by path or its end, all where none is named");
  command.add_option("-p,--build", options.extract.build, "The build's folder, or its compile_commands.json");
  command
      .add_option(
          "--target", options.extract.target,
          "Lay out for wasm32, wasm32-emscripten, wasm64 or wasm64-emscripten (default: as the commands say, or "
          "wasm32)")
      ->check(CLI::IsMember({"wasm32", "wasm32-emscripten", "wasm64", "wasm64-emscripten"}));
  command.add_option("--sysroot", options.extract.sysroot, "Where the target's headers are (default: searched for)");
  command.add_option("--extra-arg", options.extract.arguments, "A further argument for the compiler, as in -std=c++20")
      ->allow_extra_args(false);
  command.add_option("-j,--jobs", options.extract.jobs, "Units to read at once (default: one per processor)")
      ->check(CLI::Range(1U, 1024U));
  command
      .add_option("--timeout", options.extract.timeout_seconds,
                  "Give up on a unit after this many seconds (default: 120)")
      ->check(CLI::Range(1U, 86400U));
  command.add_option("--rule", options.rules, "Run only this rule; may be given again")->allow_extra_args(false);
  add_common_options(command, options.common);
}

Result<SourcePlan> plan_sources(const SourceOptions& options) {
  SourcePlan plan;
  WML_TRY(plan.config, load_config(options.common));
  WML_TRY([[maybe_unused]] const bool kept, keep_rules(options.rules, plan.config.rules));
  if (options.extract.build.empty()) {
    if (options.files.empty()) return Error{"name the build (-p FOLDER) or the files to read", std::nullopt};
    for (const std::string& file : options.files) plan.units.push_back(absolute_path(file));
    return plan;
  }
  WML_TRY(const std::vector<std::string> all, list_units(options.extract));
  WML_TRY(plan.units, chosen_units(all, options.files));
  if (plan.units.size() == all.size()) plan.coverage = Coverage::whole_program;
  return plan;
}

bool all_read(const std::vector<SourceFacts>& units) {
  return std::ranges::all_of(units, [](const SourceFacts& unit) { return unit.errors.empty(); });
}

}  // namespace wml
