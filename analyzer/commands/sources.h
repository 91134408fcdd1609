#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "analyzer/commands/common_options.h"
#include "analyzer/source/extractors.h"
#include "analyzer/source/merge_units.h"

namespace wml {

/// The options of every command that reads C and C++ units.
struct SourceOptions {
  CommonOptions common;
  std::vector<std::string> files;
  std::vector<std::string> rules;  ///< only these; empty: all
  ExtractRequest extract;
};

void add_source_options(CLI::App& command, SourceOptions& options);

/// What is to be read and how it is to be judged.
struct SourcePlan {
  Config config;
  std::vector<std::string> units;
  Coverage coverage = Coverage::some_units;  ///< if all of `units` can be read
};

Result<SourcePlan> plan_sources(const SourceOptions& options);

/// Whether every unit was read without an error.
bool all_read(const std::vector<SourceFacts>& units);

}  // namespace wml
