#include "rules/engine/registry.h"

#include <algorithm>

namespace wml {

#define WML_RULE(family, name) \
  namespace rule {             \
  extern const Rule name;      \
  }
#include "rules/rules.def"
#undef WML_RULE

namespace {

constinit const Rule* const all_rules_table[] = {
#define WML_RULE(family, name) &rule::name,
#include "rules/rules.def"
#undef WML_RULE
};

}  // namespace

std::span<const Rule* const> all_rules() { return all_rules_table; }

const Rule* find_rule(std::string_view id) {
  const auto found = std::ranges::find_if(all_rules_table, [id](const Rule* rule) { return rule->info.id == id; });
  return found == std::end(all_rules_table) ? nullptr : *found;
}

}  // namespace wml
