#include "analyzer/wasm/pointer_arithmetic.h"

#include <bit>
#include <cstdint>

namespace wml {
namespace {

constexpr SymbolicValue kUnknown{};

/// -16, -32, ...: the stack's alignment, or a larger one.
bool is_rounding_mask(std::int64_t mask) {
  const std::uint64_t step = 0 - static_cast<std::uint64_t>(mask);
  return mask <= -16 && std::has_single_bit(step);
}

/// A number that can be a distance in the stack: what is beyond it is no constant that is followed.
bool is_distance(const SymbolicValue& value) {
  constexpr std::int64_t kMost = std::int64_t{1} << 32U;
  return value.is_constant() && value.number >= -kMost && value.number <= kMost;
}

/// A multiple of 16, as the sizes of allocations are.
bool is_rounded(const SymbolicValue& value) {
  return value.kind == SymbolicValue::Kind::rounded || (value.is_constant() && value.number % 16 == 0);
}

/// Arithmetic with what may be the stack pointer at some time, or something else. Allocations are multiples of 16.
SymbolicValue maybe_arithmetic(const SymbolicValue& amount, ArithmeticOp op) {
  const bool is_sub = op == ArithmeticOp::sub;
  if (!is_distance(amount)) return is_sub ? pointer_value(PointerValue::dynamic()) : kUnknown;
  const std::int64_t lower = is_sub ? amount.number : -amount.number;
  if (lower == 0) return pointer_value(PointerValue::maybe());
  return lower > 0 && lower % 16 == 0 ? pointer_value(PointerValue::dynamic()) : kUnknown;
}

/// Arithmetic with a value derived from the stack pointer. What lowers it counts, also where it is not written back: a
/// leaf function uses the red zone below the pointer.
Arithmetic pointer_arithmetic(const SymbolicValue& left, const SymbolicValue& right, ArithmeticOp op) {
  const bool on_left = left.is_pointer();
  const SymbolicValue& other = on_left ? right : left;
  PointerValue pointer = on_left ? left.as_pointer() : right.as_pointer();
  // The distance of two addresses, or an address and a distance.
  if (other.is_pointer() || (op == ArithmeticOp::sub && !on_left)) return {};
  if (op == ArithmeticOp::mask) {
    // -64 clears six bits: at most 63 bytes lower. Other masks make no address.
    const std::int64_t mask = other.number;
    if (!is_distance(other) || mask >= 0 || (-mask & (-mask - 1)) != 0) return {};
    pointer.depth += -mask - 1;
    pointer.exact = false;
    // No local is aligned to more than a page of the operating system: these are bits of an address, unless they are
    // written back.
    constexpr std::int64_t kMostAlignment = 4096;
    if (-mask > kMostAlignment) return {.value = pointer_value(pointer)};
  } else if (pointer.kind == PointerValue::Kind::dynamic) {
    return {.value = pointer_value(pointer)};
  } else if (pointer.kind == PointerValue::Kind::maybe) {
    return {.value = maybe_arithmetic(other, op)};
  } else if (is_distance(other)) {
    const std::int64_t lower = op == ArithmeticOp::sub ? other.number : -other.number;
    pointer.depth += lower;
    pointer.interior |= lower < 0;
  } else {
    // Base plus index is an address, and so is an address in the frame minus one. Else it is an allocation of a rounded
    // size, or a distance: then what takes it tells.
    if (op != ArithmeticOp::sub || pointer.interior) return {};
    return {.value = pointer_value(PointerValue::dynamic()), .allocates = other.kind == SymbolicValue::Kind::rounded};
  }
  // What a callee may have returned counts where it is written back: then the assumption is checked.
  const bool counts = pointer.kind == PointerValue::Kind::known && pointer.assumed == PointerValue::kNobody;
  return {.value = pointer_value(pointer), .formed = counts ? pointer.depth : 0};
}

}  // namespace

Arithmetic arithmetic(const SymbolicValue& left, const SymbolicValue& right, ArithmeticOp op, bool is_i32) {
  using enum SymbolicValue::Kind;
  if (left.is_pointer() || right.is_pointer()) return pointer_arithmetic(left, right, op);
  const bool is_mask = op == ArithmeticOp::mask, is_sub = op == ArithmeticOp::sub;
  if (is_mask && right.is_constant() && is_rounding_mask(right.number)) return {.value = {.kind = rounded}};
  const bool any_rounded = left.kind == rounded || right.kind == rounded;
  if (any_rounded && !is_mask && is_rounded(left) && is_rounded(right)) return {.value = {.kind = rounded}};
  const bool constants = left.is_constant() && right.is_constant();
  const SymbolicValue* base = left.kind == global ? &left : right.kind == global ? &right : nullptr;
  const SymbolicValue& other = base == &left ? right : left;
  if (!constants && (base == nullptr || !other.is_constant() || (is_sub && base == &right))) return {};
  const auto a = static_cast<std::uint64_t>(constants ? left.number : base->number);
  const auto b = static_cast<std::uint64_t>(constants ? right.number : other.number);
  const std::uint64_t sum = is_sub ? a - b : is_mask ? a & b : a + b;
  if (constants) {
    SymbolicValue result = left;
    result.number = is_i32 ? static_cast<std::int32_t>(sum) : static_cast<std::int64_t>(sum);
    return {.value = result};
  }
  // An alignment mask (and -64) keeps a lowered global a lowered global.
  if (is_mask && other.number >= 0) return {};
  SymbolicValue result = *base;
  if (!is_mask) result.number = static_cast<std::int64_t>(sum);
  return {.value = result};
}

}  // namespace wml
