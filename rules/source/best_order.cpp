#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "rules/model/pages.h"
#include "rules/source/record_layout.h"

// What is permuted are units: a field, or a run of bit-fields that lie beside each other.
//
// Where a unit ends never gets smaller when it begins later (place() is monotone), so the best way to place a set of
// units is the one that ends first, whatever follows. That makes the smallest record a dynamic programme over how many
// units of each kind (size and alignment) are placed. Most records need none of it: where the bytes of all fields,
// rounded up, are the size already, or descending alignment reaches that, no order is better.
//
// Among the orders of that size, the one is taken that moves the fewest units: one, two, three, and, where that is too
// much to try, greedily.

namespace wml {
namespace {

struct Unit {
  std::uint32_t first = 0;  ///< field
  std::uint32_t fields = 1;
  std::uint32_t run = 0;  ///< units change places within a run only
  bool pinned = false;
};

/// What the search asks again and again.
class Search {
public:
  Search(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom)
      : record_(record), fields_(fields) {
    for (std::uint32_t i = 0; i < fields.size(); ++i) add_unit(i, freedom);
    declared_.resize(units_.size());
    std::iota(declared_.begin(), declared_.end(), 0U);
  }

  BestOrder best() const {
    const std::uint64_t now = bytes_of(declared_);
    const std::uint64_t least = least_bytes();
    if (now <= least) return result(declared_, true);
    const auto [target, order, exact] = smallest(least);
    if (target >= now) return result(declared_, exact);
    return result(fewest_moves(target, order), exact);
  }

private:
  using Order = std::vector<std::uint32_t>;  // of units

  void add_unit(std::uint32_t i, Freedom freedom) {
    const FieldFact& field = fields_[i];
    const std::uint32_t run = freedom == Freedom::anywhere ? 0 : field.access_run;
    // A bit-field of width 0 ends a run of bit-fields for C, but what is before and behind it belongs together.
    if (field.bit_width && i > 0 && fields_[i - 1].bit_width && units_.back().run == run) {
      ++units_.back().fields;
      return;
    }
    units_.push_back({i, 1, run, field.pinned});
  }

  FieldOrder fields_of(const Order& order) const {
    FieldOrder fields;
    for (const std::uint32_t unit : order) {
      for (std::uint32_t i = 0; i < units_[unit].fields; ++i) fields.push_back(units_[unit].first + i);
    }
    return fields;
  }

  std::uint64_t bytes_of(const Order& order) const { return lay_out(record_, fields_, fields_of(order)).bytes; }

  BestOrder result(const Order& order, bool exact) const { return {fields_of(order), bytes_of(order), exact}; }

  /// Below which no order can be: the fields side by side.
  std::uint64_t least_bytes() const {
    std::uint64_t bits = record_.start_bytes * 8;
    for (const FieldFact& field : fields_) bits += field.bit_width ? *field.bit_width : field.data_bytes * 8;
    return align_up((bits + 7) / 8, record_.align_bytes);
  }

  struct Smallest {
    std::uint64_t bytes;
    Order order;
    bool exact;
  };

  Smallest smallest(std::uint64_t least) const {
    Order descending = declared_;
    const auto key = [this](std::uint32_t unit) {
      const FieldFact& field = fields_[units_[unit].first];
      return std::tuple(units_[unit].run, units_[unit].pinned, ~field.align_bytes);
    };
    std::ranges::stable_sort(descending, {}, key);
    // Runs keep their order: the sort must not take one before another.
    const std::uint64_t bytes = bytes_of(descending);
    if (bytes == least) return {bytes, descending, true};
    return programme();
  }

  /// Units that lay out alike.
  struct Kind {
    Order members;  // in declared order
    std::uint64_t stride = 1;
  };

  /// The dynamic programme, one access run after another.
  Smallest programme() const {
    Order order;
    bool exact = true;
    for (std::size_t begin = 0; begin < units_.size();) {
      std::size_t end = begin;
      while (end < units_.size() && units_[end].run == units_[begin].run && !units_[end].pinned) ++end;
      if (end == begin) end = begin + 1;  // pinned
      exact = place_run(begin, end, order) && exact;
      begin = end;
    }
    return {bytes_of(order), order, exact && !reuses_tails()};
  }

  /// Where the tail of a member may be reused the end of a record is not where its last field's data end.
  bool reuses_tails() const {
    return std::ranges::any_of(fields_, [](const FieldFact& f) { return !f.bit_width && f.data_bytes < f.bytes; });
  }

  /// Where the data ends when `unit` is placed behind what ends at `bits`.
  std::uint64_t end_behind(std::uint64_t bits, std::uint32_t unit) const {
    const Unit& u = units_[unit];
    LayoutEnds ends{bits, bits};
    for (std::uint32_t i = u.first; i < u.first + u.fields; ++i) place_field(fields_[i], ends);
    return ends.data_bits;
  }

  /// Appends the units [begin, end) in an order that ends first; false where there are too many kinds to try all.
  bool place_run(std::size_t begin, std::size_t end, Order& order) const {
    constexpr std::uint64_t kMostStates = 200'000;
    std::uint64_t start = record_.start_bytes * 8;
    for (const std::uint32_t unit : order) start = end_behind(start, unit);
    std::vector<Kind> kinds = kinds_of(begin, end);
    std::uint64_t states = 1;
    for (Kind& kind : kinds) {
      kind.stride = states;
      states *= kind.members.size() + 1;
      if (states > kMostStates) {
        for (std::size_t i = begin; i < end; ++i) order.push_back(static_cast<std::uint32_t>(i));
        return false;
      }
    }
    constexpr std::uint64_t kUnset = ~std::uint64_t{0};
    std::vector<std::uint64_t> ends(states, kUnset);
    std::vector<std::uint8_t> last(states, 0);
    ends[0] = start;
    for (std::uint64_t state = 1; state < states; ++state) {
      for (std::size_t k = 0; k < kinds.size(); ++k) {
        const std::uint64_t count = state / kinds[k].stride % (kinds[k].members.size() + 1);
        if (count == 0) continue;
        const std::uint64_t here = end_behind(ends[state - kinds[k].stride], kinds[k].members[count - 1]);
        if (here >= ends[state]) continue;
        ends[state] = here;
        last[state] = static_cast<std::uint8_t>(k);
      }
    }
    Order placed;
    for (std::uint64_t state = states - 1; state > 0;) {
      const Kind& kind = kinds[last[state]];
      placed.push_back(kind.members[state / kind.stride % (kind.members.size() + 1) - 1]);
      state -= kind.stride;
    }
    order.insert(order.end(), placed.rbegin(), placed.rend());
    return true;
  }

  std::vector<Kind> kinds_of(std::size_t begin, std::size_t end) const {
    std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>, Kind> kinds;
    for (std::size_t i = begin; i < end; ++i) {
      const Unit& unit = units_[i];
      const FieldFact& field = fields_[unit.first];
      const bool plain = !field.bit_width;
      const std::uint64_t align = plain ? field.align_bytes : 0;
      // Sizes that are multiples of the alignment differ in no way that matters beside others of their kind.
      const std::uint64_t size = plain ? field.data_bytes : unit.first;
      kinds[{align, size, plain ? field.bytes : 0}].members.push_back(static_cast<std::uint32_t>(i));
    }
    std::vector<Kind> list;
    for (auto& [key, kind] : kinds) list.push_back(std::move(kind));
    return list;
  }

  // The fewest moves.

  /// `order` with the unit at `from` taken out and put in again before the place `to` of what is left.
  static Order moved(const Order& order, std::size_t from, std::size_t to) {
    Order changed = order;
    const std::uint32_t unit = changed[from];
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(from));
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(to), unit);
    return changed;
  }

  bool keeps_runs(const Order& order) const {
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Unit& unit = units_[order[i]];
      if (unit.run != units_[i].run || (units_[i].pinned && order[i] != i)) return false;
    }
    return true;
  }

  /// Neighbours that were separated, then how far units moved.
  std::pair<std::size_t, std::size_t> disturbance(const Order& order) const {
    std::size_t separated = 0, distance = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0 && order[i] != order[i - 1] + 1) ++separated;
      distance += order[i] > i ? order[i] - i : i - order[i];
    }
    return {separated, distance};
  }

  /// The least disturbing order of `target` bytes within `moves` moves of `order`; empty when there is none.
  Order within(const Order& order, int moves, std::uint64_t target) const {
    Order best;
    const auto consider = [&](const Order& candidate) {
      if (!best.empty() && disturbance(candidate) >= disturbance(best)) return;
      if (bytes_of(candidate) == target) best = candidate;
    };
    for (std::size_t from = 0; from < order.size(); ++from) {
      if (units_[order[from]].pinned) continue;
      for (std::size_t to = 0; to < order.size(); ++to) {
        if (to == from) continue;
        const Order changed = moved(order, from, to);
        if (!keeps_runs(changed)) continue;
        if (moves == 1) {
          consider(changed);
        } else if (const Order deeper = within(changed, moves - 1, target); !deeper.empty()) {
          consider(deeper);
        }
      }
    }
    return best;
  }

  Order fewest_moves(std::uint64_t target, const Order& fallback) const {
    constexpr double kMostTries = 300'000;
    const auto choices = static_cast<double>(units_.size() * units_.size());
    double tries = 1;
    for (int moves = 1; moves <= 4; ++moves) {
      tries *= choices;
      if (tries > kMostTries) break;
      Order found = within(declared_, moves, target);
      if (!found.empty()) return found;
    }
    Order order = declared_;
    for (std::size_t steps = 0; steps < units_.size(); ++steps) {
      const Order next = best_single_move(order);
      if (next.empty()) break;
      order = next;
      if (bytes_of(order) == target) return order;
    }
    return fallback;
  }

  /// The move that makes the record smallest; empty when none makes it smaller.
  Order best_single_move(const Order& order) const {
    Order best;
    std::uint64_t least = bytes_of(order);
    for (std::size_t from = 0; from < order.size(); ++from) {
      for (std::size_t to = 0; to < order.size(); ++to) {
        Order changed = moved(order, from, to);
        if (!keeps_runs(changed)) continue;
        const std::uint64_t bytes = bytes_of(changed);
        if (bytes >= least) continue;
        least = bytes;
        best = std::move(changed);
      }
    }
    return best;
  }

  const RecordFact& record_;
  std::span<const FieldFact> fields_;
  std::vector<Unit> units_;
  Order declared_;
};

}  // namespace

BestOrder best_order(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom) {
  return Search(record, fields, freedom).best();
}

}  // namespace wml
