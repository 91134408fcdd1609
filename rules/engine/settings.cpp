#include "rules/engine/settings.h"

#include <fnmatch.h>

#include "rules/engine/registry.h"

namespace wml {

RuleSettings RuleSettings::defaults() {
  RuleSettings settings;
  for (const Rule* rule : all_rules()) {
    settings.rules.emplace(rule->info.id, RuleSetting{rule->info.default_severity, OptionValues(rule->info.options)});
  }
  return settings;
}

bool matches_glob(const std::string& glob, const std::string& path) {
  if (fnmatch(glob.c_str(), path.c_str(), 0) == 0) return true;
  if (glob.find('/') != std::string::npos) return false;
  const std::size_t slash = path.rfind('/');
  return slash != std::string::npos && fnmatch(glob.c_str(), path.c_str() + slash + 1, 0) == 0;
}

}  // namespace wml
