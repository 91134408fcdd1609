#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "analyzer/config.h"

namespace wml {

/// The options of every command that reports findings.
struct CommonOptions {
  std::string format = "text";
  std::string color = "auto";
  std::string config_path;
  bool no_config = false;
};

void add_common_options(CLI::App& command, CommonOptions& options);

bool wants_color(const CommonOptions& options);

/// The config file that is named, or the nearest one; defaults where there is none.
Result<Config> load_config(const CommonOptions& options);

/// Prints that the command line or the configuration is wrong; the exit code for that.
int usage_error(const std::string& message);

}  // namespace wml
