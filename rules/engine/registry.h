#pragma once

#include <span>
#include <string_view>

#include "rules/rule.h"

namespace wml {

/// Every rule of rules.def, in its order.
std::span<const Rule* const> all_rules();

/// The rule with this id, or null.
const Rule* find_rule(std::string_view id);

}  // namespace wml
