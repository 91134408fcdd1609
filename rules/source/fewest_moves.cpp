#include <algorithm>
#include <numeric>
#include <optional>

#include "rules/source/layout_units.h"
#include "rules/source/unit_insertion.h"

// An order in which k units move is the declared one with k units taken out and put in again. For each choice of k
// units a dynamic programme over (how many of the others are placed, which of the k are) finds the least end, since a
// unit never ends earlier for beginning later. Of the choices that reach the target the one is kept that separates the
// fewest neighbours and carries units the least far. Orders that change no order of construction or destruction go
// first.

namespace wml {
namespace {

constexpr std::size_t kMostMoves = 4;
constexpr std::size_t kMostPlacements = 100'000;  // some milliseconds

/// The next choice of `taken.size()` of `count` units; false behind the last one.
bool next_choice(UnitOrder& taken, std::size_t count) {
  for (std::size_t i = taken.size(); i-- > 0;) {
    if (taken[i] + (taken.size() - i) >= count) continue;
    ++taken[i];
    for (std::size_t j = i + 1; j < taken.size(); ++j) taken[j] = taken[j - 1] + 1;
    return true;
  }
  return false;
}

std::size_t placements(std::size_t count, std::size_t moves) {
  std::size_t choices = 1;
  for (std::size_t i = 0; i < moves; ++i) choices = choices * (count - i) / (i + 1);
  return choices * (count + 1) * (std::size_t{1} << moves) * (moves + 1);
}

/// The least disturbing of the orders in which exactly this many units move.
UnitOrder with_moves(const LayoutUnits& units, const UnitOrder& declared, std::size_t moves, std::uint64_t target,
                     bool keep_ordered) {
  UnitOrder best;
  std::size_t budget = kMostPlacements / 4;
  UnitOrder taken(moves);
  std::iota(taken.begin(), taken.end(), 0U);
  do {
    const Insertion insertion(units, declared, taken, keep_ordered);
    const std::optional<UnitOrder> order = insertion.least();
    if (!order || bytes_of(units, *order) > target) continue;
    if (best.empty() || disturbance_of(*order) < disturbance_of(best)) best = *order;
    insertion.improve_on(best, target, budget);
  } while (next_choice(taken, declared.size()));
  return best;
}

/// One move after the other, each the one after which the record ends first; empty where that does not get there.
UnitOrder step_by_step(const LayoutUnits& units, UnitOrder order, std::uint64_t target, bool keep_ordered) {
  constexpr std::size_t kMostSteps = 40;
  const auto data_bits = [&](const UnitOrder& o) {
    LayoutEnds ends = start_of(units);
    for (const std::uint32_t unit : o) ends = behind(units, unit, ends);
    return ends.data_bits;
  };
  std::size_t budget = kMostPlacements;
  for (std::size_t steps = 0; steps < kMostSteps && bytes_of(units, order) > target; ++steps) {
    UnitOrder best = order;
    for (std::uint32_t unit = 0; unit < order.size() && budget >= order.size() * 4; ++unit) {
      budget -= order.size() * 4;
      const std::optional<UnitOrder> moved = Insertion(units, order, {unit}, keep_ordered).least();
      if (moved && data_bits(*moved) < data_bits(best)) best = *moved;
    }
    if (best == order) return {};
    order = best;
  }
  return bytes_of(units, order) <= target ? order : UnitOrder{};
}

}  // namespace

UnitOrder fewest_moves(const LayoutUnits& units, std::uint64_t target, const UnitOrder& fallback) {
  UnitOrder declared(units.list.size());
  std::iota(declared.begin(), declared.end(), 0U);
  for (const bool keep_ordered : {true, false}) {
    if (!keep_ordered && units.order_of_fields.is_free()) break;  // the same again
    for (std::size_t moves = 1; moves <= std::min(kMostMoves, declared.size()); ++moves) {
      if (placements(declared.size(), moves) > kMostPlacements) break;
      UnitOrder found = with_moves(units, declared, moves, target, keep_ordered);
      if (!found.empty()) return found;
    }
    UnitOrder found = step_by_step(units, declared, target, keep_ordered);
    if (!found.empty()) return found;
  }
  return fallback;
}

}  // namespace wml
