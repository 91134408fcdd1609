#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/files.h"
#include "analyzer/predict/resident.h"
#include "analyzer/report/report.h"
#include "analyzer/wasm/recursion_limits.h"
#include "rules/engine/settings.h"

namespace wml {

/// What is asked about one file.
struct Request {
  std::string path;
  std::optional<std::uint64_t> budget_pages;  ///< of 64 KiB
  std::optional<Runtime> runtime;
  std::vector<RecursionLimit> recursion_limits;
};

/// A file's bytes to its reports: one for a core module or a text, one for each core module that a component embeds.
/// A file that cannot be analysed gives one report with an error.
std::vector<ModuleReport> analyze(const Request& request, ByteSpan bytes, const RuleSettings& settings);

}  // namespace wml
