#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace wml {

/// A value that is, or may be, derived from the stack pointer.
struct PointerValue {
  enum class Kind : std::uint8_t {
    known,    ///< the pointer's value on entry minus at most `depth` bytes
    dynamic,  ///< on entry minus an amount that is not known
    maybe,    ///< the stack pointer at some time, or something else
    unknown,  ///< nothing is known
  };
  std::int64_t depth = 0;
  std::uint32_t assumed = kNobody;  ///< a callee: it is such a value if that one returns its first argument
  Kind kind = Kind::known;
  bool exact = true;      ///< minus exactly `depth`; false after an alignment mask or a join
  bool interior = false;  ///< something was added to it: an address inside the frame, which nothing is allocated from

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
  static constexpr PointerValue dynamic() { return {.kind = Kind::dynamic, .exact = false}; }
  static constexpr PointerValue maybe() { return {.kind = Kind::maybe, .exact = false}; }
  static constexpr PointerValue unknown() { return {.kind = Kind::unknown, .exact = false}; }

  bool is_known() const { return kind == Kind::known; }
  /// Whether stack may be allocated from it. That a local or a result can be such a value must not be forgotten:
  /// functions without calls lower the pointer in a local alone.
  bool can_allocate() const {
    return kind == Kind::dynamic || kind == Kind::maybe || (kind == Kind::known && !interior);
  }

  bool operator==(const PointerValue&) const = default;
};

/// What remains of a value where another path has nothing that is known.
inline PointerValue join_with_nothing(PointerValue value) {
  if (value.kind == PointerValue::Kind::dynamic) return value;  // used as an address, it counts
  return value.can_allocate() ? PointerValue::maybe() : PointerValue::unknown();
}

/// What two paths that meet leave known.
inline PointerValue join(PointerValue a, PointerValue b) {
  using Kind = PointerValue::Kind;
  if (a == b) return a;
  if (a.kind == Kind::dynamic || b.kind == Kind::dynamic) return PointerValue::dynamic();
  if (a.kind == Kind::unknown) return join_with_nothing(b);
  if (b.kind == Kind::unknown) return join_with_nothing(a);
  // One assumption can be carried on; two cannot.
  const std::uint32_t assumed = a.assumed == PointerValue::kNobody ? b.assumed : a.assumed;
  const bool conflict = b.assumed != assumed && b.assumed != PointerValue::kNobody;
  if (a.kind == Kind::maybe || b.kind == Kind::maybe || conflict) return PointerValue::maybe();
  return {.depth = std::max(a.depth, b.depth),
          .assumed = assumed,
          .exact = a.exact && b.exact && a.depth == b.depth,
          .interior = a.interior || b.interior};  // nothing is allocated from what may be an address in the frame
}

/// The stack pointer and the locals that hold values derived from it, at one point of a body. It seldom changes from
/// one block to the next: states with the same version, other than 0, are equal, and are neither compared nor copied.
struct PointerState {
  PointerValue pointer;                                        ///< known, dynamic or unknown
  std::vector<std::pair<std::uint32_t, PointerValue>> locals;  ///< few; by local index; none is unknown
  std::uint64_t version = 0;                                   ///< 0 where something changed since it was given

  PointerState() = default;
  PointerState(PointerValue with, std::vector<std::pair<std::uint32_t, PointerValue>> and_locals)
      : pointer(with), locals(std::move(and_locals)) {}
  PointerState(const PointerState&) = default;
  PointerState(PointerState&&) = default;
  PointerState& operator=(const PointerState& other) {
    if (is_same_as(other)) return *this;
    pointer = other.pointer;
    locals = other.locals;
    version = other.version;
    return *this;
  }
  PointerState& operator=(PointerState&&) = default;
  ~PointerState() = default;

  bool is_same_as(const PointerState& other) const { return version != 0 && version == other.version; }
  void set_pointer(PointerValue value) {
    if (pointer == value) return;
    pointer = value;
    version = 0;
  }
  const PointerValue* find(std::uint32_t local) const {
    constexpr std::size_t kFew = 16;
    if (locals.size() > kFew) {
      const auto at = std::ranges::lower_bound(locals, local, {}, &std::pair<std::uint32_t, PointerValue>::first);
      return at != locals.end() && at->first == local ? &at->second : nullptr;
    }
    for (const auto& [index, value] : locals) {
      if (index == local) return &value;
    }
    return nullptr;
  }
  /// Of a local that is not there: unknown.
  PointerValue value_of(std::uint32_t local) const {
    const PointerValue* value = find(local);
    return value == nullptr ? PointerValue::unknown() : *value;
  }
  void set(std::uint32_t local, PointerValue value) {
    const auto at = std::ranges::lower_bound(locals, local, {}, &std::pair<std::uint32_t, PointerValue>::first);
    const bool is_there = at != locals.end() && at->first == local;
    if (is_there ? at->second == value : value.kind == PointerValue::Kind::unknown) return;
    version = 0;
    if (value.kind == PointerValue::Kind::unknown) {
      locals.erase(at);
    } else if (is_there) {
      at->second = value;
    } else {
      locals.emplace(at, local, value);
    }
  }
};

/// The stack pointer itself is what it is on each path: "maybe" tells nothing of it.
inline PointerValue join_pointers(PointerValue a, PointerValue b) {
  const PointerValue joined = join(a, b);
  return joined.kind == PointerValue::Kind::maybe ? PointerValue::unknown() : joined;
}

/// Joins `from` into `into`.
inline void join_into(PointerState& into, const PointerState& from) {
  if (into.is_same_as(from)) return;
  into.set_pointer(join_pointers(into.pointer, from.pointer));
  if (into.locals == from.locals) return;
  into.version = 0;
  for (auto& [local, value] : into.locals) value = join(value, from.value_of(local));
  std::erase_if(into.locals, [](const auto& entry) { return entry.second.kind == PointerValue::Kind::unknown; });
  for (const auto& [local, value] : from.locals) {
    if (into.find(local) == nullptr) into.set(local, join_with_nothing(value));
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
