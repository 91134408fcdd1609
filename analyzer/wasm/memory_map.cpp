#include "analyzer/wasm/memory_map.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyzer/wasm/static_data.h"

namespace wml {
namespace {

struct HeapBase {
  std::uint64_t address;
  Basis basis;
};

/// Functions that grow memory, or call one that does: the allocator's back end, where the heap's start is a constant
/// even in stripped modules (malloc's first call, sbrk).
std::vector<const BodySummary*> growing_functions(const ModuleFacts& facts, const std::vector<BodySummary>& bodies) {
  std::vector<bool> grows(facts.functions.size());
  const std::size_t imported = facts.functions.size() - bodies.size();
  for (std::size_t i = 0; i < bodies.size(); ++i) grows[imported + i] = !bodies[i].grows.empty();
  for (std::size_t i = 0; i < imported; ++i) {
    grows[i] =
        facts.functions[i].import && std::ranges::any_of(facts.growth.host_imports, [&](const ImportName& name) {
          return name.module == facts.functions[i].import->module && name.name == facts.functions[i].import->name;
        });
  }
  std::vector<const BodySummary*> found;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const bool calls_one = std::ranges::any_of(
        bodies[i].calls, [&](const Call& call) { return call.callee < grows.size() && grows[call.callee]; });
    if (calls_one || grows[imported + i]) found.push_back(&bodies[i]);
  }
  return found;
}

/// The constant that the growing functions use most often, if it can be the start of the heap: behind all data and
/// every address that other code uses, inside the initial memory, and used at least three times (dlmalloc uses it seven
/// times; it writes its first chunk's header at a constant address too). Round numbers are sizes, not addresses.
std::optional<HeapBase> heap_base_from_code(const ModuleFacts& facts, const std::vector<BodySummary>& bodies,
                                            std::uint64_t static_end) {
  constexpr std::uint64_t kRound = 4096;
  const std::uint64_t end = main_memory(facts)->minimum_bytes();
  const std::vector<const BodySummary*> growing = growing_functions(facts, bodies);
  std::uint64_t low = static_end;
  for (const BodySummary& body : bodies) {
    if (body.highest_access <= end && !std::ranges::binary_search(growing, &body))
      low = std::max(low, body.highest_access);
  }
  std::map<std::uint64_t, std::uint32_t> uses;
  for (const BodySummary* body : growing) {
    for (const std::uint64_t constant : body->constants) {
      if (constant >= low && constant < end && constant % kRound != 0) ++uses[constant];
    }
  }
  const auto best = std::ranges::max_element(uses, {}, [](const auto& entry) { return entry.second; });
  if (best == uses.end() || best->second < 3) return std::nullopt;
  const auto as_often = std::ranges::count(uses, best->second, [](const auto& entry) { return entry.second; });
  if (as_often > 1) return std::nullopt;
  return HeapBase{
      best->first,
      {Evidence::heuristic, fmt::format("the functions that grow memory use this constant {} times", best->second)}};
}

std::optional<HeapBase> find_heap_base(const ModuleFacts& facts, const std::vector<BodySummary>& bodies,
                                       std::uint64_t static_end) {
  const MemoryFact& memory = *main_memory(facts);
  if (const auto base = symbol_value(facts, "__heap_base"); base && *base <= memory.minimum_bytes()) {
    return HeapBase{*base, {Evidence::symbol, "global __heap_base"}};
  }
  if (!facts.stack || !facts.stack->place) return std::nullopt;
  if (facts.stack->place == StackPlace::after_data) {
    return HeapBase{*facts.stack->pointer_initial, {Evidence::derived, "above the stack, which lies after the data"}};
  }
  return heap_base_from_code(facts, bodies, static_end);
}

/// Puts regions one behind the other; `to` beyond the memory is cut.
class MapBuilder {
public:
  MapBuilder(MemoryMap& map, std::uint64_t end) : map_(map), end_(end) {}

  void add(RegionKind kind, std::uint64_t to, Basis basis) {
    to = std::min(to, end_);
    if (to <= at_) return;
    map_.regions.push_back({kind, at_, to, std::move(basis)});
    at_ = to;
  }
  std::uint64_t at() const { return at_; }

private:
  MemoryMap& map_;
  std::uint64_t end_;
  std::uint64_t at_ = 0;
};

std::string segments_text(std::ptrdiff_t count) {
  return fmt::format("{} data segment{}", count, count == 1 ? "" : "s");
}

void add_after_data_stack(const StackFact& stack, std::uint64_t top, MapBuilder& out) {
  if (stack.reserved_bytes && stack.reserved_bytes->exact()) {
    const std::uint64_t bottom = top - stack.reserved_bytes->low;
    out.add(RegionKind::bss, bottom, stack.size_basis);
    out.add(RegionKind::stack, top, stack.size_basis);
    return;
  }
  std::string how = stack.size_basis.how;
  if (stack.likely_bytes)
    how += fmt::format("; {} KiB of it if the stack has a default size", *stack.likely_bytes / 1024);
  out.add(RegionKind::stack_or_bss, top, {stack.size_basis.evidence, how});
}

}  // namespace

MemoryMap make_memory_map(const ModuleFacts& facts, const std::vector<BodySummary>& bodies) {
  MemoryMap map;
  const MemoryFact* memory = main_memory(facts);
  if (memory == nullptr) return map;
  const auto data = placed_data(facts);
  const std::uint64_t data_end = data ? data->high : 0;
  const std::uint64_t stack_first_end =
      facts.stack && facts.stack->place == StackPlace::first ? *facts.stack->pointer_initial : 0;

  map.bss_end = symbol_value(facts, "__data_end");
  if (data) {
    map.static_end = data_end;
    map.static_end_basis = {Evidence::derived, "end of the last data segment; bss may follow"};
  } else if (map.bss_end) {
    map.static_end = map.bss_end;
    map.static_end_basis = {Evidence::symbol, "global __data_end"};
  }
  if (const auto base = find_heap_base(facts, bodies, std::max(data_end, stack_first_end))) {
    map.heap_base = base->address;
    map.heap_base_basis = base->basis;
  }

  MapBuilder out(map, memory->minimum_bytes());
  if (facts.dylink) {
    out.add(RegionKind::unknown, memory->minimum_bytes(),
            {Evidence::assumed, "the loader decides where this module's data goes"});
    return map;
  }
  if (stack_first_end != 0) out.add(RegionKind::stack, stack_first_end, facts.stack->size_basis);
  if (data) {
    out.add(RegionKind::reserved, data->low, {Evidence::derived, "below the first data segment"});
    out.add(RegionKind::data, data_end,
            {Evidence::declared, segments_text(std::ranges::count_if(facts.segments, is_placed))});
  }
  if (facts.stack && facts.stack->pointer_initial && *facts.stack->pointer_initial > out.at() && stack_first_end == 0 &&
      facts.stack->reserved_bytes) {
    add_after_data_stack(*facts.stack, *facts.stack->pointer_initial, out);
  }
  if (map.bss_end && out.at() < *map.bss_end)
    out.add(RegionKind::bss, *map.bss_end, {Evidence::symbol, "up to the global __data_end"});
  if (map.heap_base) {
    const Basis bss_basis = map.heap_base_basis;
    out.add(RegionKind::bss, *map.heap_base, {bss_basis.evidence, "up to the heap: " + bss_basis.how});
    out.add(RegionKind::heap, memory->minimum_bytes(), map.heap_base_basis);
  } else if (facts.functions.empty() && facts.segments.empty()) {
    out.add(RegionKind::unknown, memory->minimum_bytes(),
            {Evidence::assumed, "the module has no code and no data for it"});
  } else {
    out.add(RegionKind::static_or_heap, memory->minimum_bytes(),
            {Evidence::assumed, "no symbol and no code tells where the heap begins"});
  }
  return map;
}

}  // namespace wml
