#include <algorithm>
#include <map>
#include <tuple>

#include "rules/source/layout_units.h"

// Where a unit ends never gets smaller when it begins later, so that a group of units that ends first is best whatever
// follows, and groups are looked at one by one.
//
// Fields whose size is a multiple of their alignment: gap_fillers.cpp. Anything else (runs of bit-fields, members whose
// tail is reused): a dynamic programme over how many units of each kind are placed, and where that is too much to try,
// descending alignment.

namespace wml {
namespace {

constexpr std::size_t kMostStates = 20'000;

class Group {
public:
  Group(const LayoutUnits& units, UnitOrder members, LayoutEnds start)
      : units_(units), members_(std::move(members)), start_(start) {}

  SmallestOrder smallest() const {
    if (members_.size() == 1) return {members_, true};
    if (std::ranges::all_of(members_, [this](std::uint32_t unit) { return is_regular(unit); }))
      return fill_gap(units_, members_, start_);
    return programme();
  }

private:
  const FieldFact& field(std::uint32_t unit) const { return units_.fields[units_.list[unit].first]; }

  bool is_regular(std::uint32_t unit) const {
    const FieldFact& f = field(unit);
    return !f.bit_width && f.data_bytes == f.bytes && f.bytes % f.align_bytes == 0;
  }

  std::uint64_t end_of(const UnitOrder& order) const {
    LayoutEnds ends = start_;
    for (const std::uint32_t unit : order) ends = behind(units_, unit, ends);
    return ends.bits;
  }

  /// The better of descending alignment and of the best order of plain fields with the rest behind it.
  UnitOrder usual() const {
    UnitOrder descending = members_, regular, rest;
    sort_descending(units_, descending);
    for (const std::uint32_t unit : descending) (is_regular(unit) ? regular : rest).push_back(unit);
    if (regular.empty()) return descending;
    UnitOrder filled = fill_gap(units_, regular, start_).order;
    filled.insert(filled.end(), rest.begin(), rest.end());
    return end_of(filled) < end_of(descending) ? filled : descending;
  }

  /// Units that lay out alike, and the step from a state to the one with one more of them.
  struct Kind {
    UnitOrder members;
    std::size_t stride = 1;
  };

  std::vector<Kind> kinds() const {
    std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>, Kind> kinds;
    for (const std::uint32_t unit : members_) {
      const FieldFact& f = field(unit);
      const bool is_run = units_.list[unit].fields > 1;  // of bit-fields: hardly like another one
      const std::uint64_t which = is_run ? unit + std::uint64_t{1} : 0;
      const std::uint64_t width = f.bit_width ? *f.bit_width + std::uint64_t{1} : 0;
      const std::tuple key(which, width, f.align_bytes, f.bit_width ? f.bytes : f.data_bytes << 32 | f.bytes);
      kinds[key].members.push_back(unit);
    }
    std::vector<Kind> list;
    list.reserve(kinds.size());
    for (auto& [key, kind] : kinds) list.push_back(std::move(kind));
    return list;
  }

  SmallestOrder programme() const;

  const LayoutUnits& units_;
  UnitOrder members_;
  LayoutEnds start_;
};

SmallestOrder Group::programme() const {
  std::vector<Kind> all = kinds();
  std::size_t states = 1;
  for (Kind& kind : all) {
    kind.stride = states;
    states *= kind.members.size() + 1;
    if (states > kMostStates) return {usual(), false};
  }
  std::vector<LayoutEnds> ends(states, {~std::uint64_t{0}, ~std::uint64_t{0}});
  std::vector<std::uint8_t> last(states, 0);
  ends[0] = start_;
  const auto placed = [](const Kind& kind, std::size_t state) {
    return state / kind.stride % (kind.members.size() + 1);
  };
  for (std::size_t state = 1; state < states; ++state) {
    for (std::size_t k = 0; k < all.size(); ++k) {
      const std::size_t count = placed(all[k], state);
      if (count == 0) continue;
      const LayoutEnds here = behind(units_, all[k].members[count - 1], ends[state - all[k].stride]);
      if (std::pair(here.data_bits, here.bits) >= std::pair(ends[state].data_bits, ends[state].bits)) continue;
      ends[state] = here;
      last[state] = static_cast<std::uint8_t>(k);
    }
  }
  UnitOrder order;
  for (std::size_t state = states - 1; state > 0; state -= all[last[state]].stride)
    order.push_back(all[last[state]].members[placed(all[last[state]], state) - 1]);
  std::ranges::reverse(order);
  // Where tails are reused the smallest record need not be the one whose data ends first.
  const bool tails =
      std::ranges::any_of(members_, [this](std::uint32_t u) { return field(u).data_bytes < field(u).bytes; });
  return {order, !tails};
}

}  // namespace

SmallestOrder smallest_order(const LayoutUnits& units) {
  SmallestOrder all;
  LayoutEnds start = start_of(units);
  for (std::uint32_t i = 0; i < units.list.size();) {
    UnitOrder members;
    const std::uint32_t group = units.list[i].group;
    while (i < units.list.size() && units.list[i].group == group) members.push_back(i++);
    const SmallestOrder part = Group(units, std::move(members), start).smallest();
    for (const std::uint32_t unit : part.order) start = behind(units, unit, start);
    all.order.insert(all.order.end(), part.order.begin(), part.order.end());
    all.exact = all.exact && part.exact;
  }
  return all;
}

}  // namespace wml
