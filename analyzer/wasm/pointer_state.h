#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace wml {

/// A value that is the stack pointer's value on entry minus at most `depth` bytes, or nothing that is known.
struct PointerValue {
  enum class Kind : std::uint8_t {
    known,
    dynamic,  ///< on entry minus an amount that is not known
    unknown,
  };
  std::int64_t depth = 0;
  std::uint32_t assumed = kNobody;  ///< a callee: it is such a value if that one returns its first argument
  Kind kind = Kind::known;
  bool exact = true;  ///< minus exactly `depth`; false after an alignment mask or a join

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
  static constexpr PointerValue dynamic() { return {.kind = Kind::dynamic, .exact = false}; }
  static constexpr PointerValue unknown() { return {.kind = Kind::unknown, .exact = false}; }

  bool operator==(const PointerValue&) const = default;
};

/// What two paths that meet leave known.
inline PointerValue join(PointerValue a, PointerValue b) {
  if (a == b) return a;
  if (a.kind == PointerValue::Kind::dynamic || b.kind == PointerValue::Kind::dynamic) return PointerValue::dynamic();
  if (a.kind == PointerValue::Kind::unknown || b.kind == PointerValue::Kind::unknown) return PointerValue::unknown();
  // One assumption can be carried on; two cannot.
  const std::uint32_t assumed = a.assumed == PointerValue::kNobody ? b.assumed : a.assumed;
  if (b.assumed != assumed && b.assumed != PointerValue::kNobody) return PointerValue::unknown();
  return {.depth = std::max(a.depth, b.depth), .assumed = assumed, .exact = a.exact && b.exact && a.depth == b.depth};
}

/// The stack pointer and the locals that hold values derived from it, at one point of a body.
struct PointerState {
  PointerValue pointer;
  std::vector<std::pair<std::uint32_t, PointerValue>> locals;  ///< few; by local index

  const PointerValue* find(std::uint32_t local) const {
    for (const auto& [index, value] : locals) {
      if (index == local) return &value;
    }
    return nullptr;
  }
  void set(std::uint32_t local, PointerValue value) {
    erase(local);
    locals.emplace_back(local, value);
    std::ranges::sort(locals, {}, &std::pair<std::uint32_t, PointerValue>::first);
  }
  void erase(std::uint32_t local) {
    std::erase_if(locals, [local](const auto& entry) { return entry.first == local; });
  }
};

/// Joins `from` into `into`: what only one of them knows is not known. But a local that may hold an allocation of
/// unknown size is one: if it is used as an address, that counts.
inline void join_into(PointerState& into, const PointerState& from) {
  constexpr auto kDynamic = PointerValue::Kind::dynamic;
  into.pointer = join(into.pointer, from.pointer);
  std::erase_if(into.locals, [&from](auto& entry) {
    const PointerValue* other = from.find(entry.first);
    if (other != nullptr) entry.second = join(entry.second, *other);
    return other == nullptr && entry.second.kind != kDynamic;
  });
  for (const auto& [local, value] : from.locals) {
    if (value.kind == kDynamic && into.find(local) == nullptr) into.set(local, value);
  }
}

/// What is known where paths meet, as far as any has been seen.
struct Meeting {
  bool reached = false;
  PointerState state;

  void add(const PointerState& path) {
    if (reached) {
      join_into(state, path);
    } else {
      state = path;
    }
    reached = true;
  }
};

}  // namespace wml
