#pragma once

#include <cstdint>
#include <optional>

#include "rules/model/estimate.h"
#include "rules/model/module_facts.h"
#include "rules/model/profile.h"

namespace wml {

/// All that a rule over the whole program can see.
struct ProgramFacts {
  ModuleFacts module;
  Estimate estimate;
  std::optional<std::uint64_t> budget_pages;  ///< of 64 KiB
  std::optional<ProfileFacts> profile;        ///< of a measured run
};

}  // namespace wml
