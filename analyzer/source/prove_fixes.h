#pragma once

#include <string>
#include <vector>

#include "analyzer/source/edits.h"
#include "analyzer/source/extractors.h"
#include "rules/engine/run_rules.h"

/// Whether fixes may be made: they are made in memory, and every unit that includes a changed file is read again with
/// the same flags for the same target (docs/source-fixes.md).
namespace wml {

enum class FixState {
  proven,
  overlaps,  ///< with a fix before it: a second run may make it
  rejected,
};

/// What was found out about the fix of a finding.
struct FixOutcome {
  const Finding* finding = nullptr;
  FixState state = FixState::proven;
  std::string why;  ///< of one that is not proven
};

struct ProvenFixes {
  std::vector<FixOutcome> outcomes;  ///< of all findings with a fix
  FileTexts before;
  FileTexts after;  ///< with all proven fixes; they were proven together
};

/// `units` and `facts` (their union) are what the findings were made from.
Result<ProvenFixes> prove_fixes(const ExtractRequest& request, const std::vector<SourceFacts>& units,
                                const SourceFacts& facts, const std::vector<Finding>& findings);

}  // namespace wml
