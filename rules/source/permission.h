#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/model/finding.h"
#include "rules/model/hazard.h"

/// Whether a record may be edited: hazards judged (docs/source-fixes.md).
namespace wml {

/// What an edit does to a record, or (narrow) to an enumeration.
enum class Change : std::uint8_t { reorder, bit_fields, both, narrow };

/// The strongest effect of all hazards, and those that have it or a weaker one.
struct Permission {
  Effect effect = Effect::none;
  std::vector<Hazard> reasons;  ///< one of each kind, strongest first
};

Permission judge_hazards(const std::vector<Hazard>& hazards, Change change);

/// Says in a finding's help why there is no edit ("look at it first: its alignment was chosen (`lock`), and it has
/// atomic members (`count`)"), with a note at each reason's place.
void add_reasons(const Permission& permission, Draft& draft);

}  // namespace wml
