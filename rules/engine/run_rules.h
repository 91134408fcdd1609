#pragma once

#include <vector>

#include "rules/engine/settings.h"
#include "rules/model/finding.h"
#include "rules/model/program_facts.h"

namespace wml {

/// What the rules found, worst first, then in the order of rules.def.
struct RuleResults {
  std::vector<Finding> findings;
  std::size_t suppressed = 0;  ///< findings that a suppression of the config silenced
};

RuleResults run_rules(const ProgramFacts& program, const RuleSettings& settings);

}  // namespace wml
