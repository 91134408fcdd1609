#include "analyzer/commands/analysis.h"

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "analyzer/commands/commands.h"
#include "analyzer/report/printable.h"
#include "analyzer/start_again.h"

namespace wml {
namespace {

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

std::vector<ModuleReport> analyze_path(const AnalysisPlan& plan, const std::string& path,
                                       const Result<FileBytes>* stdin_bytes) {
  const Request request{path, plan.budget_pages ? plan.budget_pages : plan.config.budget_for(path), plan.runtime,
                        plan.config.recursion_limits, plan.profile};
  std::optional<Result<FileBytes>> own;
  if (path != "-" || stdin_bytes == nullptr) own = read_file(path);
  const Result<FileBytes>& read = own ? *own : *stdin_bytes;
  if (read.ok()) return analyze(request, read.value(), plan.config.rules);
  ModuleReport report{.path = path};
  report.error = read.error();
  return {report};
}

std::vector<ModuleReport> analyze_all(const AnalysisPlan& plan, const Result<FileBytes>* stdin_bytes,
                                      const Casualties& casualties, Progress& progress) {
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

}  // namespace

void add_analysis_options(CLI::App& command, AnalysisOptions& options) {
  command
      .add_option("FILE", options.files, "Modules (.wasm), components, text modules (.wat), or - for standard input")
      ->required();
  command.add_flag("-r,--recursive", options.recursive, "Analyse the .wasm and .wat files below a directory");
  add_common_options(command, options.common);
  command.add_option("--timeout", options.timeout_seconds, "Give up on a file after this many seconds (default: 60)")
      ->check(CLI::Range(1U, 86400U));
}

Result<AnalysisPlan> plan_analysis(const AnalysisOptions& options) {
  AnalysisPlan plan;
  WML_TRY(plan.config, load_config(options.common));
  plan.json = options.common.format == "json";
  plan.style.color = wants_color(options.common);
  plan.timeout_seconds = options.timeout_seconds;
  for (const std::string& file : options.files) {
    std::vector<std::string> expanded = expand_path(file, options.recursive);
    if (expanded.empty()) return Error{fmt::format("{}: there is no .wasm or .wat file below it", file), std::nullopt};
    plan.paths.insert(plan.paths.end(), expanded.begin(), expanded.end());
  }
  return plan;
}

int run_analysis(const AnalysisPlan& plan, const std::function<std::string(const Reports&)>& print,
                 const std::function<int(const Reports&)>& judge) {
  // Read once, here: what crashes is started again, and standard input cannot be read again.
  std::optional<Result<FileBytes>> stdin_bytes;
  if (std::ranges::find(plan.paths, "-") != plan.paths.end() && !signal_before_this_run()) stdin_bytes = read_stdin();
  const IsolationLimits limits{.seconds_per_item = plan.timeout_seconds};
  return run_isolated(plan.paths.size(), limits, [&](const Casualties& casualties, Progress& progress) {
    // Never freed: the process ends with this function, and large modules have a million lists to free one by one.
    const Reports& reports =
        *new Reports(analyze_all(plan, stdin_bytes ? &*stdin_bytes : nullptr, casualties, progress));
    const std::string text = print(reports);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    print_errors(reports);
    const bool unreadable = std::ranges::any_of(reports, [](const ModuleReport& report) { return !!report.error; });
    return unreadable ? int{kUnreadable} : judge(reports);
  });
}

}  // namespace wml
