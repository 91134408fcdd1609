#include "analyzer/wasm/ir_state.h"

#include <algorithm>

#include "analyzer/wasm/pointer_state.h"

namespace wml {
namespace {

using Local = std::pair<std::uint32_t, SymbolicValue>;

}  // namespace

SymbolicValue join_values(const SymbolicValue& a, const SymbolicValue& b) {
  using enum SymbolicValue::Kind;
  if (a == b) return a;
  if (a.is_pointer() || b.is_pointer()) return pointer_value(join(a.as_pointer(), b.as_pointer()));
  return {.kind = a.kind == rounded || b.kind == rounded ? rounded : unknown};
}

SymbolicValue IrState::value_of(std::uint32_t local) const {
  const auto at = std::ranges::lower_bound(locals, local, {}, &Local::first);
  return at != locals.end() && at->first == local ? at->second : SymbolicValue{};
}

void IrState::set(std::uint32_t local, const SymbolicValue& value) {
  const auto at = std::ranges::lower_bound(locals, local, {}, &Local::first);
  const bool is_there = at != locals.end() && at->first == local;
  if (value.kind == SymbolicValue::Kind::unknown) {
    if (is_there) locals.erase(at);
  } else if (is_there) {
    at->second = value;
  } else {
    locals.emplace(at, local, value);
  }
}

bool IrEntry::add(const IrState& path, PointerValue pointer, bool turns) {
  if (!reached) {
    state.pointer = pointer;
    state.locals = path.locals;
    reached = true;
    return true;
  }
  bool changed = add_pointer(pointer, turns);
  std::vector<Local> joined;
  const auto add_local = [&](std::uint32_t local, const SymbolicValue& before, const SymbolicValue& now) {
    const SymbolicValue value = turns ? widen(before, now) : join_values(before, now);
    changed |= value != before;
    if (value.kind != SymbolicValue::Kind::unknown) joined.emplace_back(local, value);
  };
  // Both lists are in the order of locals.
  auto now = path.locals.begin();
  for (const auto& [local, before] : state.locals) {
    for (; now != path.locals.end() && now->first < local; ++now) add_local(now->first, {}, now->second);
    const bool is_there = now != path.locals.end() && now->first == local;
    add_local(local, before, is_there ? (now++)->second : SymbolicValue{});
  }
  for (; now != path.locals.end(); ++now) add_local(now->first, {}, now->second);
  state.locals.swap(joined);
  return changed;
}

bool IrEntry::add_pointer(PointerValue now, bool turns) {
  const PointerValue joined = join_pointers(state.pointer, now);
  if (joined == state.pointer) return false;
  grows |= turns && joined.is_known() && pointer_widened;  // it was joined before, and is lower again
  pointer_widened |= turns;
  state.pointer = joined;
  return true;
}

/// A local has one value at a loop's start, and another one where the loop turns. A function without calls may lower
/// the pointer in a local alone, by multiples of its alignment; an address inside the frame just walks over it.
SymbolicValue IrEntry::widen(const SymbolicValue& before, const SymbolicValue& now) {
  const SymbolicValue joined = join_values(before, now);
  const PointerValue a = before.as_pointer(), b = now.as_pointer();
  if (!a.is_known() || !b.is_known() || b.depth <= a.depth) return joined;
  constexpr std::int64_t kAlignment = 16;
  const bool returned = a.assumed != PointerValue::kNobody || b.assumed != PointerValue::kNobody;
  grows |= !returned && !a.interior && !b.interior && (b.depth - a.depth) % kAlignment == 0;
  return pointer_value(join_with_nothing(joined.as_pointer()));
}

}  // namespace wml
