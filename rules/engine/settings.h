#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/rule.h"

namespace wml {

/// How one rule is to be run.
struct RuleSetting {
  Severity severity;
  OptionValues options;
};

/// "Do not report RULE for files that match GLOB, because REASON."
struct Suppression {
  std::string rule;
  std::string files;  ///< a glob over the path as given; empty: every file
  std::string reason;
};

/// Settings of every rule, by id, and the suppressions: what the config file and the command line say.
struct RuleSettings {
  std::map<std::string, RuleSetting, std::less<>> rules;
  std::vector<Suppression> suppressions;

  /// Every rule with its declared defaults.
  static RuleSettings defaults();
};

/// Whether `path` matches `glob` (fnmatch; a glob without a slash also matches the file's name alone).
bool matches_glob(const std::string& glob, const std::string& path);

}  // namespace wml
