#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/predict/predict.h"
#include "analyzer/predict/resident.h"
#include "analyzer/result.h"
#include "rules/engine/run_rules.h"
#include "rules/model/estimate.h"
#include "rules/model/module_facts.h"
#include "rules/model/profile.h"

namespace wml {

/// What is said of one module, or why nothing can be.
struct ModuleReport {
  std::string path;
  std::optional<Error> error;
  ModuleFacts module;
  Estimate estimate;
  std::optional<Verdict> verdict;    ///< with a budget
  std::optional<Resident> resident;  ///< with a runtime
  std::optional<ProfileFacts> profile;
  RuleResults rules;
  Prediction prediction;
};

/// Bytes of the file by label; what a component has around the module is "component". Their sum is the file's size.
struct LabelBytes {
  std::string label;
  std::uint64_t bytes = 0;
};
std::vector<LabelBytes> bytes_by_label(const ModuleFacts& module);

/// Bytes between the placed segments of each memory, and bytes that more than one of them writes.
struct DataCoverage {
  std::uint64_t gaps = 0;
  std::uint64_t overlaps = 0;
};
DataCoverage data_coverage(const ModuleFacts& module);

}  // namespace wml
