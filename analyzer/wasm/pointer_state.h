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
  Kind kind = Kind::known;
  std::int64_t depth = 0;
  bool exact = true;                ///< minus exactly `depth`; false after an alignment mask or a join
  std::uint32_t assumed = kNobody;  ///< a callee: it is such a value if that one returns its first argument

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

  bool operator==(const PointerValue&) const = default;
};

/// What two paths that meet leave known.
inline PointerValue join(PointerValue a, PointerValue b) {
  if (a == b) return a;
  if (a.kind == PointerValue::Kind::dynamic || b.kind == PointerValue::Kind::dynamic)
    return {PointerValue::Kind::dynamic, 0, false};
  if (a.kind == PointerValue::Kind::unknown || b.kind == PointerValue::Kind::unknown)
    return {PointerValue::Kind::unknown, 0, false};
  // One assumption can be carried on; two cannot.
  const std::uint32_t assumed = a.assumed == PointerValue::kNobody ? b.assumed : a.assumed;
  if (b.assumed != assumed && b.assumed != PointerValue::kNobody) return {PointerValue::Kind::unknown, 0, false};
  return {PointerValue::Kind::known, std::max(a.depth, b.depth), a.exact && b.exact && a.depth == b.depth, assumed};
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

inline PointerState join(const PointerState& a, const PointerState& b) {
  PointerState joined{join(a.pointer, b.pointer), {}};
  for (const auto& [local, value] : a.locals) {
    const PointerValue* other = b.find(local);
    if (other != nullptr) joined.locals.emplace_back(local, join(value, *other));
  }
  return joined;
}

}  // namespace wml
