#include "rules/engine/one_per_place.h"

#include <utility>

#include <fmt/format.h>

#include "rules/model/pages.h"

namespace wml {
namespace {

bool at_one_place(const Finding& a, const Finding& b) {
  return a.rule == b.rule && a.where.source->file == b.where.source->file &&
         a.where.source->offset == b.where.source->offset;
}

std::uint64_t most_saved(const Finding& finding) { return finding.saving ? finding.saving->high_bytes : 0; }

void add_saving(std::optional<Saving>& sum, const std::optional<Saving>& more) {
  if (!sum || !more || sum->space != Space::linear_memory || more->space != Space::linear_memory) return;
  sum->low_bytes = saturating_add(sum->low_bytes, more->low_bytes);
  sum->high_bytes = saturating_add(sum->high_bytes, more->high_bytes);
}

/// Puts `other` into `kept`, which stands for both.
void merge(Finding& kept, Finding other) {
  const bool is_static = other.saving && other.saving->space == Space::linear_memory;
  const bool was_static = kept.saving && kept.saving->space == Space::linear_memory;
  if (is_static != was_static ? is_static : most_saved(other) > most_saved(kept)) std::swap(kept, other);
  add_saving(kept.saving, other.saving);
}

}  // namespace

std::vector<Finding> one_per_place(std::vector<Finding> findings) {
  std::vector<Finding> kept;
  std::size_t others = 0;
  const auto note_others = [&] {
    if (others == 0) return;
    kept.back().notes.push_back(
        {*kept.back().where.source,
         fmt::format("{} more at this place, of other instances of the template or macro", others)});
    others = 0;
  };
  for (Finding& finding : findings) {
    if (!kept.empty() && at_one_place(kept.back(), finding)) {
      merge(kept.back(), std::move(finding));
      ++others;
      continue;
    }
    note_others();
    kept.push_back(std::move(finding));
  }
  note_others();
  return kept;
}

}  // namespace wml
