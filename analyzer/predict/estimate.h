#pragma once

#include <cstdint>
#include <optional>

#include "rules/model/estimate.h"
#include "rules/model/module_facts.h"
#include "rules/model/profile.h"

namespace wml {

/// How many pages the module needs as it is. With a budget, the recommended maximum is the budget where it can be; with
/// a profile, it is the measured peak and a quarter more.
Estimate estimate_pages(const ModuleFacts& module, std::optional<std::uint64_t> budget_pages,
                        const std::optional<ProfileFacts>& profile = std::nullopt);

/// Whether the module fits into `budget_pages`, proven; or what would prove it.
Verdict judge(const Estimate& estimate, std::uint64_t budget_pages);

}  // namespace wml
