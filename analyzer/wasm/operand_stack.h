#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "analyzer/wasm/opcodes.h"
#include "analyzer/wasm/pointer_state.h"

namespace wml {

/// A value on the symbolic operand stack.
struct SymbolicValue {
  /// In an order that lets the frequent ones be told apart by one comparison: those up to `constant` have no part in
  /// arithmetic unless both operands are constants.
  enum class Kind : std::uint8_t {
    unknown,
    grow_result,
    first_parameter,
    memory_size,
    constant,
    global,
    rounded,  ///< a multiple of 16, as sizes of allocations are
    pointer,  ///< derived from the stack pointer
  };
  std::int64_t number = 0;  ///< the constant, what was added to the global, or how deep the pointer is
  std::uint32_t index = PointerValue::kNobody;  ///< of the global or the grow site; the pointer's assumed callee
  Kind kind = Kind::unknown;
  PointerValue::Kind pointer_kind = PointerValue::Kind::unknown;
  bool is_i64 : 1 = false;   ///< of a constant
  bool is_kept : 1 = false;  ///< a grow result that is in a local as well
  bool exact : 1 = false;    ///< of a pointer, as the next
  bool interior : 1 = false;
  std::uint8_t unused = 0;  // named, so that a value is written in two words and not in pieces

  bool operator==(const SymbolicValue&) const = default;
  bool is_constant() const { return kind == Kind::constant; }
  /// A constant as an address or a size: i32 constants are kept sign-extended.
  std::uint64_t as_unsigned() const {
    return is_i64 ? static_cast<std::uint64_t>(number) : static_cast<std::uint32_t>(number);
  }
  bool is_pointer() const { return kind == Kind::pointer; }
  /// The stack pointer less an amount that is not known: an allocation, or a distance between two addresses.
  bool is_dynamic() const { return is_pointer() && pointer_kind == PointerValue::Kind::dynamic; }
  PointerValue as_pointer() const {
    if (!is_pointer()) return PointerValue::unknown();
    return {.depth = number, .assumed = index, .kind = pointer_kind, .exact = exact, .interior = interior};
  }
};
static_assert(sizeof(SymbolicValue) == 16, "the operand stack is most of what the scan writes");

/// A value derived from the stack pointer; unknown where nothing of it is known.
inline SymbolicValue pointer_value(PointerValue pointer) {
  if (pointer.kind == PointerValue::Kind::unknown) return {};
  return {.number = pointer.depth,
          .index = pointer.assumed,
          .kind = SymbolicValue::Kind::pointer,
          .pointer_kind = pointer.kind,
          .exact = pointer.exact,
          .interior = pointer.interior};
}

/// What multiplying by `right`, or shifting to the left by it, gives.
inline SymbolicValue product(const SymbolicValue& right, std::uint8_t code) {
  if (!right.is_constant()) return {};
  const bool shift = code == op::kI32Shl || code == op::kI64Shl;
  const bool rounded = shift ? right.number >= 4 && right.number < 32 : right.number != 0 && right.number % 16 == 0;
  return {.kind = rounded ? SymbolicValue::Kind::rounded : SymbolicValue::Kind::unknown};
}

/// The symbolic operand stack. Values above the top are left as they are: they have no meaning.
class OperandStack {
public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  SymbolicValue& operator[](std::size_t i) { return values_[i]; }
  SymbolicValue& back() { return values_[size_ - 1]; }
  void push(const SymbolicValue& value) {
    if (size_ == values_.size()) make_room();
    values_[size_++] = value;
  }
  void pop() { --size_; }
  void cut(std::size_t most) { size_ = std::min(size_, most); }
  void clear() { size_ = 0; }

  /// For a reader that keeps the top itself: values from the bottom on, as far as there is room.
  SymbolicValue* bottom() { return values_.data(); }
  SymbolicValue* end_of_room() { return values_.data() + values_.size(); }
  SymbolicValue* top() { return values_.data() + size_; }
  void set_top(const SymbolicValue* top) { size_ = static_cast<std::size_t>(top - values_.data()); }
  void make_room() { values_.resize(std::max<std::size_t>(256, 2 * values_.size())); }

private:
  std::vector<SymbolicValue> values_;
  std::size_t size_ = 0;
};

}  // namespace wml
