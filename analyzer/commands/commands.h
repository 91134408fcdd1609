#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace wml {

/// What a command answers with (docs/commands.md).
enum ExitCode : int {
  kClean = 0,
  kFindings = 1,    ///< at or above --fail-on, or over budget
  kUsage = 2,       ///< bad usage or configuration
  kUnreadable = 3,  ///< an input cannot be read
};

/// Each adds its subcommand to `app`; when it is chosen, `run` is set to what it does.
using Run = std::function<int()>;
void add_check(CLI::App& app, Run& run);
void add_stack(CLI::App& app, Run& run);
void add_source(CLI::App& app, Run& run);
void add_fix(CLI::App& app, Run& run);
void add_rules(CLI::App& app, Run& run);
void add_explain(CLI::App& app, Run& run);
void add_init(CLI::App& app, Run& run);

}  // namespace wml
