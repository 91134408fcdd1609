#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "analyzer/analyze.h"
#include "analyzer/commands/commands.h"
#include "analyzer/isolate.h"
#include "analyzer/report/printable.h"
#include "rules/engine/registry.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

struct InitOptions {
  std::string module;
  std::string output = "wasm-memlint.toml";
  bool force = false;
};

/// Every key with its default, commented out, below a budget that the module fits today.
std::string config_text(const std::string& module, std::uint64_t pages, std::string_view why) {
  std::string text =
      "# Configuration of wasm-memlint. `wasm-memlint rules` lists the rules, `wasm-memlint explain RULE` explains "
      "one.\n\n";
  text += fmt::format("# Pages of 64 KiB, or a text such as \"2MiB\". {}: {}.\nbudget = {}\n\n", module, why, pages);
  text +=
      "# Exit with 1 on findings of this severity and above: \"error\", \"warning\", \"info\" or \"never\".\n# fail-on "
      "= \"error\"\n\n";
  text +=
      "# Budgets for some files; the first that matches wins.\n# [[budgets]]\n# files = \"plugins/*.wasm\"\n# budget = "
      "\"512KiB\"\n\n";
  text +=
      "# How many calls of a recursive function are on the stack at once; bounds rest on it and say so.\n# "
      "[stack.recursion]\n# \"parse_value\" = 64\n\n";
  text +=
      "# Findings that are known and accepted.\n# [[suppress]]\n# rule = \"data-zero-run\"\n# files = "
      "\"legacy.wasm\"\n# reason = \"the table is written at start\"\n";
  for (const Rule* rule : all_rules()) {
    text += fmt::format("\n# {}\n# [rules.{}]\n# severity = \"{}\"\n", rule->info.summary, rule->info.id,
                        to_string(rule->info.default_severity));
    for (const Option& option : rule->info.options) {
      const std::string value = std::visit([](auto v) { return fmt::format("{}", v); }, option.default_value);
      text += fmt::format("# {} = {}  # {}\n", option.key, value, option.help);
    }
  }
  return text;
}

int fail(int code, const std::string& message) {
  fmt::print(stderr, "wasm-memlint: error: {}\n", printable(message));
  return code;
}

int write_config(const InitOptions& options) {
  const auto bytes = read_file(options.module);
  if (!bytes.ok()) return fail(kUnreadable, options.module + ": " + bytes.error().message);
  const std::vector<ModuleReport> reports =
      analyze({options.module, std::nullopt, std::nullopt, {}}, bytes.value(), RuleSettings::defaults());
  std::uint64_t pages = 0;
  for (const ModuleReport& report : reports) {
    if (report.error) {
      const std::string offset = report.error->offset ? fmt::format(" at offset {:#x}", *report.error->offset) : "";
      return fail(kUnreadable, options.module + offset + ": " + report.error->message);
    }
    pages = std::max(pages, report.estimate.bound_pages && report.estimate.bound_basis.evidence == Evidence::derived
                                ? *report.estimate.bound_pages
                                : report.estimate.minimum_pages);
  }
  if (pages == 0) return fail(kUsage, options.module + ": it has no memory, so there is no budget to fit");
  std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
  file << config_text(std::filesystem::path(options.module).filename().string(), pages,
                      "starts with " + pages_text(pages));
  file.close();
  if (!file) return fail(kUsage, options.output + ": it cannot be written");
  fmt::print("wrote {}: a budget of {}, what {} starts with\n", printable(options.output), pages_text(pages),
             printable(options.module));
  return kClean;
}

int run_init(const InitOptions& options) {
  std::error_code ignored;
  if (!options.force && std::filesystem::exists(options.output, ignored)) {
    return fail(kUsage, options.output + " exists already; --force overwrites it");
  }
  return run_isolated(1, {}, [&](const Casualties& casualties, Progress& progress) {
    if (casualties[0]) return fail(kUnreadable, options.module + ": " + *casualties[0]);
    progress.at(0);
    const int code = write_config(options);
    progress.at(Progress::kNone);
    return code;
  });
}

}  // namespace

void add_init(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("init", "Write a commented wasm-memlint.toml with a budget that fits a module");
  auto options = std::make_shared<InitOptions>();
  command->add_option("MODULE", options->module, "The module whose initial memory becomes the budget")->required();
  command->add_option("-o,--output", options->output, "Where to write (default: wasm-memlint.toml)");
  command->add_flag("--force", options->force, "Overwrite a file that is there");
  command->footer("Example: wasm-memlint init build/app.wasm");
  command->callback([options, &run] { run = [options] { return run_init(*options); }; });
}

}  // namespace wml
