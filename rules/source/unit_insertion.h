#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "rules/model/pages.h"
#include "rules/source/layout_units.h"

/// Taking units out of an order and putting them in again (fewest_moves.cpp).
namespace wml {

/// Neighbours that are separated, and how far units are carried.
using Disturbance = std::pair<std::size_t, std::size_t>;

inline Disturbance disturbance_of(const UnitOrder& order) {
  Disturbance sum{0, 0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && order[i] != order[i - 1] + 1) ++sum.first;
    sum.second += order[i] > i ? order[i] - i : i - order[i];
  }
  return sum;
}

/// The declared order without `taken`, and how to put them in again.
class Insertion {
public:
  Insertion(const LayoutUnits& units, const UnitOrder& base, UnitOrder taken, bool keep_ordered)
      : units_(units), taken_(std::move(taken)), keep_ordered_(keep_ordered) {
    for (const std::uint32_t unit : base) {
      if (std::ranges::find(taken_, unit) == taken_.end()) rest_.push_back(unit);
    }
    for (const std::uint32_t unit : taken_) {
      const auto last =
          std::find_if(rest_.rbegin(), rest_.rend(), [&](std::uint32_t u) { return must_precede(u, unit); });
      earliest_.push_back(static_cast<std::size_t>(rest_.rend() - last));
    }
  }

  /// The order that ends first.
  std::optional<UnitOrder> least() const {
    const std::size_t masks = std::size_t{1} << taken_.size();
    std::vector<State> states((rest_.size() + 1) * masks);
    states[0] = {start_of(units_), 0, true};
    for (std::size_t i = 0; i <= rest_.size(); ++i) {
      for (std::size_t mask = 0; mask < masks; ++mask) {
        const State& from = states[i * masks + mask];
        if (!from.reached) continue;
        if (i < rest_.size() && may_place(rest_[i], mask)) {
          improve(states[(i + 1) * masks + mask], behind(units_, rest_[i], from.ends), taken_.size());
        }
        for (std::size_t k = 0; k < taken_.size(); ++k) {
          if (may_insert(k, i, mask))
            improve(states[i * masks + (mask | std::size_t{1} << k)], behind(units_, taken_[k], from.ends), k);
        }
      }
    }
    if (!states.back().reached) return std::nullopt;
    UnitOrder order;
    for (std::size_t i = rest_.size(), mask = masks - 1; i > 0 || mask > 0;) {
      const std::size_t added = states[i * masks + mask].added;
      order.push_back(added == taken_.size() ? rest_[--i] : taken_[added]);
      if (added < taken_.size()) mask &= ~(std::size_t{1} << added);
    }
    std::ranges::reverse(order);
    return order;
  }

  /// Looks through all orders of `target` bytes for one that disturbs less than `best`, while `budget` lasts.
  void improve_on(UnitOrder& best, std::uint64_t target, std::size_t& budget) const {
    UnitOrder order;
    Disturbance least = disturbance_of(best);
    search(order, 0, 0, start_of(units_), 0, target, best, least, budget);
  }

private:
  struct State {
    LayoutEnds ends;
    std::size_t added = 0;  // the unit that was put last: one of the taken, or the next of the rest
    bool reached = false;
  };

  static void improve(State& state, const LayoutEnds& ends, std::size_t added) {
    const auto key = [](const LayoutEnds& e) { return std::pair(e.data_bits, e.bits); };
    if (!state.reached || key(ends) < key(state.ends)) state = {ends, added, true};
  }

  bool must_precede(std::uint32_t first, std::uint32_t second) const {
    return units_.list[first].group < units_.list[second].group || (keep_ordered_ && units_.keep_order(first, second));
  }

  /// Whether none of those that were taken out has to lie before `unit` and is still to be placed.
  bool may_place(std::uint32_t unit, std::size_t mask) const {
    for (std::size_t k = 0; k < taken_.size(); ++k) {
      if ((mask >> k & 1) == 0 && must_precede(taken_[k], unit)) return false;
    }
    return true;
  }

  /// The same for the k-th of those that were taken out; the rest keeps its order.
  bool may_insert(std::size_t k, std::size_t placed, std::size_t mask) const {
    return (mask >> k & 1) == 0 && placed >= earliest_[k] && may_place(taken_[k], mask);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the record has units
  void search(UnitOrder& order, std::size_t placed, std::size_t mask, const LayoutEnds& ends, std::size_t separated,
              std::uint64_t target, UnitOrder& best, Disturbance& least, std::size_t& budget) const {
    if (budget == 0 || separated > least.first || align_up(ends.bits / 8, units_.record.align_bytes) > target) return;
    --budget;
    if (order.size() == units_.list.size()) {
      const Disturbance here = disturbance_of(order);
      if (here >= least) return;
      least = here;
      best = order;
      return;
    }
    const auto go = [&](std::uint32_t unit, std::size_t next_placed, std::size_t next_mask) {
      const bool splits = !order.empty() && unit != order.back() + 1;
      order.push_back(unit);
      search(order, next_placed, next_mask, behind(units_, unit, ends), separated + (splits ? 1 : 0), target, best,
             least, budget);
      order.pop_back();
    };
    if (placed < rest_.size() && may_place(rest_[placed], mask)) go(rest_[placed], placed + 1, mask);
    for (std::size_t k = 0; k < taken_.size(); ++k) {
      if (may_insert(k, placed, mask)) go(taken_[k], placed, mask | std::size_t{1} << k);
    }
  }

  const LayoutUnits& units_;
  UnitOrder rest_;
  UnitOrder taken_;
  std::vector<std::size_t> earliest_;  // of the taken: how many of the rest lie before it at least
  bool keep_ordered_;
};

}  // namespace wml
