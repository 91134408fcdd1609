#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "analyzer/analyze.h"
#include "analyzer/commands/commands.h"
#include "analyzer/config.h"
#include "analyzer/isolate.h"
#include "analyzer/report/json.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/text.h"

namespace wml {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  bool recursive = false;
  std::string format = "text";
  std::string color = "auto";
  std::string budget;
  std::string runtime;
  std::string config_path;
  bool no_config = false;
  std::string fail_on;
  unsigned timeout_seconds = IsolationLimits{}.seconds_per_item;
};

/// The options once they are understood.
struct Plan {
  std::vector<std::string> paths;
  Config config;
  std::optional<std::uint64_t> budget_pages;  ///< from the command line, over the config's
  std::optional<Runtime> runtime;
  Severity fail_on = Severity::error;  ///< off: never
  bool json = false;
  TextStyle style;
};

int usage_error(const std::string& message) {
  fmt::print(stderr, "wasm-memlint: error: {}\n", printable(message));
  return kUsage;
}

bool wants_color(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

Result<Config> load_config(const CheckOptions& options) {
  if (options.no_config) return Config{};
  if (!options.config_path.empty()) return read_config(options.config_path);
  const auto found = find_config();
  return found ? read_config(*found) : Result<Config>(Config{});
}

Result<Plan> make_plan(const CheckOptions& options) {
  Plan plan;
  WML_TRY(plan.config, load_config(options));
  if (!options.budget.empty()) {
    WML_TRY(plan.budget_pages, parse_budget(options.budget));
  }
  if (!options.runtime.empty()) plan.runtime = runtime_named(options.runtime);
  if (!options.fail_on.empty()) {
    plan.fail_on = options.fail_on == "never" ? Severity::off : *severity_named(options.fail_on);
  } else {
    plan.fail_on = plan.config.fail_on.value_or(Severity::error);
  }
  plan.json = options.format == "json";
  plan.style.color = wants_color(options.color);
  for (const std::string& file : options.files) {
    std::vector<std::string> expanded = expand_path(file, options.recursive);
    if (expanded.empty()) return Error{fmt::format("{}: there is no .wasm or .wat file below it", file), std::nullopt};
    plan.paths.insert(plan.paths.end(), expanded.begin(), expanded.end());
  }
  return plan;
}

/// Assertions of a library print where our own messages go. While modules are read, standard error leads nowhere.
class SilentStandardError {
public:
  SilentStandardError() : saved_(dup(STDERR_FILENO)) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) return;
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  ~SilentStandardError() {
    if (saved_ < 0) return;
    dup2(saved_, STDERR_FILENO);
    close(saved_);
  }
  SilentStandardError(const SilentStandardError&) = delete;
  SilentStandardError& operator=(const SilentStandardError&) = delete;

private:
  int saved_;
};

std::vector<ModuleReport> analyze_path(const Plan& plan, const std::string& path, const Result<Bytes>* stdin_bytes) {
  const Request request{path, plan.budget_pages ? plan.budget_pages : plan.config.budget_for(path), plan.runtime};
  const Result<Bytes> read = path == "-" ? *stdin_bytes : read_file(path);
  if (read.ok()) return analyze(request, read.value(), plan.config.rules);
  ModuleReport report{.path = path};
  report.error = read.error();
  return {report};
}

std::vector<ModuleReport> analyze_all(const Plan& plan, const Result<Bytes>* stdin_bytes, const Casualties& casualties,
                                      Progress& progress) {
  const SilentStandardError silent;
  std::vector<ModuleReport> reports;
  for (std::size_t i = 0; i < plan.paths.size(); ++i) {
    if (casualties[i]) {
      ModuleReport report{.path = plan.paths[i]};
      report.error = Error{*casualties[i], std::nullopt};
      reports.push_back(std::move(report));
      continue;
    }
    progress.at(i);
    for (ModuleReport& report : analyze_path(plan, plan.paths[i], stdin_bytes)) reports.push_back(std::move(report));
  }
  progress.at(Progress::kNone);
  return reports;
}

void print_errors(const std::vector<ModuleReport>& reports) {
  for (const ModuleReport& report : reports) {
    if (!report.error) continue;
    const std::string offset = report.error->offset ? fmt::format(" at offset {:#x}", *report.error->offset) : "";
    fmt::print(stderr, "wasm-memlint: error: {}{}: {}\n", printable(report.path), offset,
               printable(report.error->message));
  }
}

int exit_code(const Plan& plan, const std::vector<ModuleReport>& reports) {
  int code = kClean;
  for (const ModuleReport& report : reports) {
    if (report.error) return kUnreadable;
    if (report.verdict && report.verdict->outcome == Outcome::cannot_fit) code = kFindings;
    if (plan.fail_on == Severity::off) continue;
    for (const Finding& finding : report.rules.findings) {
      if (finding.severity >= plan.fail_on) code = kFindings;
    }
  }
  return code;
}

int run_check(const CheckOptions& options) {
  const auto plan = make_plan(options);
  if (!plan.ok()) return usage_error(plan.error().message);
  // Read once, here: a worker that crashes is started again, and standard input cannot be read again.
  std::optional<Result<Bytes>> stdin_bytes;
  if (std::ranges::find(plan.value().paths, "-") != plan.value().paths.end()) stdin_bytes = read_stdin();
  const IsolationLimits limits{.seconds_per_item = options.timeout_seconds};
  return run_isolated(plan.value().paths.size(), limits, [&](const Casualties& casualties, Progress& progress) {
    const std::vector<ModuleReport> reports =
        analyze_all(plan.value(), stdin_bytes ? &*stdin_bytes : nullptr, casualties, progress);
    const std::string text = plan.value().json ? to_json(reports) : to_text(reports, plan.value().style);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    print_errors(reports);
    return exit_code(plan.value(), reports);
  });
}

}  // namespace

void add_check(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("check", "Report what modules need of memory, and why (the default command)");
  auto options = std::make_shared<CheckOptions>();
  command
      ->add_option("FILE", options->files, "Modules (.wasm), components, text modules (.wat), or - for standard input")
      ->required();
  command->add_flag("-r,--recursive", options->recursive, "Analyse the .wasm and .wat files below a directory");
  command->add_option("--budget", options->budget, "Fail when a module starts with more: pages (32) or bytes (2MiB)");
  command->add_option("--runtime", options->runtime, "Estimate resident memory for a runtime")
      ->check(CLI::IsMember({"wasmedge", "wasm3", "iwasm", "node"}));
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_option("--color", options->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command->add_option("--fail-on", options->fail_on, "Exit with 1 on findings from this severity on (default: error)")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}));
  CLI::Option* config = command->add_option("--config", options->config_path,
                                            "Read this config file instead of the nearest wasm-memlint.toml");
  command->add_flag("--no-config", options->no_config, "Read no config file")->excludes(config);
  command->add_option("--timeout", options->timeout_seconds, "Give up on a file after this many seconds (default: 60)")
      ->check(CLI::Range(1U, 86400U));
  command->footer(
      "Exit codes: 0 clean, 1 findings or over budget, 2 bad usage, 3 an input cannot be read\n\n"
      "Example: wasm-memlint check --budget 2MiB --format json build/*.wasm");
  command->callback([options, &run] { run = [options] { return run_check(*options); }; });
}

}  // namespace wml
