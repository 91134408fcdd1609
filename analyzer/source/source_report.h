#pragma once

#include <string>
#include <vector>

#include "analyzer/predict/predict_sources.h"
#include "analyzer/report/report.h"
#include "rules/engine/run_rules.h"
#include "rules/model/source_facts.h"

namespace wml {

/// What is said of a program's sources.
struct SourceReport {
  TargetProfile profile = TargetProfile::wasm32;
  std::string compiler;
  std::vector<std::string> units;
  std::vector<SourceError> errors;  ///< of all units, each once; those without a place name the unit's file
  std::size_t failed_units = 0;     ///< that have an error: what is found in them may not be all
  RuleResults rules;
  SourcePrediction prediction;
};

/// Judges what the units say. `facts` are their union, `module` what they are linked to, or null.
SourceReport report_on_sources(const std::vector<SourceFacts>& units, SourceFacts facts, const RuleSettings& settings,
                               const ModuleReport* module = nullptr);

}  // namespace wml
