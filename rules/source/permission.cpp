#include "rules/source/permission.h"

#include <algorithm>

#include <fmt/format.h>

namespace wml {
namespace {

Effect effect_of(HazardKind kind, Change change) {
  const HazardInfo& info = info_of(kind);
  switch (change) {
    case Change::reorder: return info.on_reordering;
    case Change::bit_fields: return info.on_bit_fields;
    case Change::both: return std::max(info.on_reordering, info.on_bit_fields);
    case Change::narrow: return info.on_narrowing;
  }
  return Effect::blocks;
}

std::string reason_text(const Hazard& hazard) {
  const std::string_view text = info_of(hazard.kind).text;
  return hazard.what.empty() ? std::string(text) : fmt::format("{} ('{}')", text, hazard.what);
}

}  // namespace

Permission judge_hazards(const std::vector<Hazard>& hazards, Change change) {
  Permission permission;
  for (const Hazard& hazard : hazards) {
    const Effect effect = effect_of(hazard.kind, change);
    if (effect == Effect::none) continue;
    permission.effect = std::max(permission.effect, effect);
    if (std::ranges::find(permission.reasons, hazard.kind, &Hazard::kind) == permission.reasons.end())
      permission.reasons.push_back(hazard);
  }
  std::ranges::stable_sort(permission.reasons, std::ranges::greater{},
                           [change](const Hazard& hazard) { return effect_of(hazard.kind, change); });
  return permission;
}

void add_reasons(const Permission& permission, Draft& draft) {
  draft.help += permission.effect == Effect::review ? "; look at it first: " : "; but it must stay as it is: ";
  for (std::size_t i = 0; i < permission.reasons.size(); ++i) {
    const Hazard& hazard = permission.reasons[i];
    if (i > 0) draft.help += i + 1 == permission.reasons.size() ? ", and " : ", ";
    draft.help += reason_text(hazard);
    if (hazard.where.line > 0) draft.notes.push_back({hazard.where, reason_text(hazard)});
  }
}

}  // namespace wml
