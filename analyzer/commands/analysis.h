#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/commands/common_options.h"
#include "analyzer/config.h"
#include "analyzer/isolate.h"
#include "analyzer/report/text.h"

namespace wml {

/// The options of every command that analyses modules.
struct AnalysisOptions {
  std::vector<std::string> files;
  bool recursive = false;
  CommonOptions common;
  unsigned timeout_seconds = IsolationLimits{}.seconds_per_item;
};

void add_analysis_options(CLI::App& command, AnalysisOptions& options);

/// The options once they are understood.
struct AnalysisPlan {
  std::vector<std::string> paths;
  Config config;
  std::optional<std::uint64_t> budget_pages;  ///< from the command line, over the config's
  std::optional<Runtime> runtime;
  std::optional<ProfileFacts> profile;  ///< of the only file
  bool json = false;
  TextStyle style;
  unsigned timeout_seconds = 0;
};

Result<AnalysisPlan> plan_analysis(const AnalysisOptions& options);

using Reports = std::vector<ModuleReport>;

/// Analyses the files in a worker process, prints what `print` makes of their reports, and their errors to standard
/// error. The exit code is `judge`'s, or kUnreadable when a file could not be analysed.
int run_analysis(const AnalysisPlan& plan, const std::function<std::string(const Reports&)>& print,
                 const std::function<int(const Reports&)>& judge);

}  // namespace wml
