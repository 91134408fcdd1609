#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "rules/model/pages.h"
#include "rules/source/layout_units.h"

// Fields whose size is a multiple of their alignment: behind the first field of the largest alignment M in the group,
// descending alignment needs no padding. Before it, some smaller fields fill the gap from where the group begins. If
// two places before it are equal modulo M, what lies between them can as well go behind it: so there are fewer than M
// fillers, and only their sizes modulo M matter. The least padding is a shortest path over sets of fillers.

namespace wml {
namespace {

constexpr std::size_t kMostSteps = 1'000;

class GapFillers {
public:
  GapFillers(const LayoutUnits& units, const UnitOrder& members, LayoutEnds start)
      : units_(units), members_(members), start_(start) {}

  SmallestOrder smallest() const {
    std::uint64_t largest = 1;
    for (const std::uint32_t unit : members_) largest = std::max(largest, field(unit).align_bytes);
    const std::vector<Filler> fillers = fillers_of(largest);
    std::vector<Step> steps{
        {std::vector<std::uint8_t>(fillers.size(), 0), align_up(start_.data_bits, 8) / 8, 0, 0, 0, 0, false}};
    using Entry = std::tuple<std::uint64_t, std::size_t, std::size_t>;  // padding, fillers, step
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    std::map<std::vector<std::uint8_t>, std::uint64_t> least;
    open.emplace(0, 0, 0);
    for (std::size_t tried = 0; !open.empty() && tried < kMostSteps; ++tried) {
      const std::size_t index = std::get<2>(open.top());
      open.pop();
      if (steps[index].done) return {filled(steps, index, fillers), true};
      const auto add = [&](Step next, std::uint64_t align) {
        const std::uint64_t begin = align_up(next.at, align);
        next.padding += begin - next.at;
        next.at = begin;
        next.before = index;
        open.emplace(next.padding, next.count, steps.size());
        steps.push_back(std::move(next));
      };
      Step last = steps[index];
      last.done = true;
      add(std::move(last), largest);
      if (steps[index].count + 1 >= largest) continue;
      for (std::size_t k = 0; k < fillers.size(); ++k) {
        Step next = steps[index];
        if (next.used[k] == fillers[k].members.size()) continue;
        ++next.used[k];
        ++next.count;
        next.kind = k;
        const std::uint64_t padding = next.padding + align_up(next.at, fillers[k].align) - next.at;
        const auto [known, is_new] = least.try_emplace(next.used, padding);
        if (!is_new && known->second <= padding) continue;
        known->second = padding;
        add(std::move(next), fillers[k].align);
        steps.back().at += fillers[k].size;
      }
    }
    UnitOrder descending = members_;
    sort_descending(units_, descending);
    return {descending, false};
  }

private:
  const FieldFact& field(std::uint32_t unit) const { return units_.fields[units_.list[unit].first]; }

  struct Filler {
    std::uint64_t align = 1;
    std::uint64_t size = 0;  // modulo the largest alignment
    UnitOrder members;
  };

  struct Step {
    std::vector<std::uint8_t> used;  // of each kind of filler
    std::uint64_t at = 0;
    std::uint64_t padding = 0;
    std::size_t before = 0;  // the step that it goes on from
    std::size_t kind = 0;    // the filler that it added
    std::size_t count = 0;
    bool done = false;
  };

  std::vector<Filler> fillers_of(std::uint64_t largest) const {
    std::map<std::pair<std::uint64_t, std::uint64_t>, Filler> kinds;
    for (const std::uint32_t unit : members_) {
      const std::uint64_t align = field(unit).align_bytes, size = field(unit).bytes % largest;
      if (align == largest || size == 0) continue;
      Filler& kind = kinds.try_emplace({align, size}, Filler{align, size, {}}).first->second;
      kind.members.push_back(unit);
    }
    std::vector<Filler> list;
    list.reserve(kinds.size());
    for (auto& [key, kind] : kinds) list.push_back(std::move(kind));
    return list;
  }

  UnitOrder filled(const std::vector<Step>& steps, std::size_t last, const std::vector<Filler>& fillers) const {
    UnitOrder order;
    for (std::size_t i = steps[last].before; i != 0; i = steps[i].before) {
      const Filler& filler = fillers[steps[i].kind];
      order.push_back(filler.members[steps[i].used[steps[i].kind] - 1U]);
    }
    std::ranges::reverse(order);
    UnitOrder rest;
    for (const std::uint32_t unit : members_) {
      if (std::ranges::find(order, unit) == order.end()) rest.push_back(unit);
    }
    sort_descending(units_, rest);
    order.insert(order.end(), rest.begin(), rest.end());
    return order;
  }

  const LayoutUnits& units_;
  const UnitOrder& members_;
  LayoutEnds start_;
};

}  // namespace

SmallestOrder fill_gap(const LayoutUnits& units, const UnitOrder& members, LayoutEnds start) {
  return GapFillers(units, members, start).smallest();
}

}  // namespace wml
