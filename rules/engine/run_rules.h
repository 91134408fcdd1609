#pragma once

#include <vector>

#include "rules/engine/settings.h"
#include "rules/model/finding.h"
#include "rules/model/program_facts.h"
#include "rules/model/source_facts.h"

namespace wml {

/// What the rules found, worst first, then in the order of rules.def.
struct RuleResults {
  std::vector<Finding> findings;
  std::size_t suppressed = 0;  ///< findings that the config or a comment in the sources silenced
};

RuleResults run_rules(const ProgramFacts& program, const RuleSettings& settings);

/// Whether the rule reads what one translation unit says, so that it can run in a compiler or an editor.
bool reads_sources(const Rule& rule);

/// What one rule finds in a unit.
std::vector<Draft> run_source_rule(const Rule& rule, const SourceFacts& facts, const OptionValues& options);

/// What all rules find in sources, by file and line.
RuleResults run_source_rules(const SourceFacts& facts, const RuleSettings& settings);

}  // namespace wml
