#include <algorithm>

#include "analyzer/wasm/body_scanner.h"

// The stack pointer, and the values and locals that are derived from it.

namespace wml {
namespace {

constexpr SymbolicValue kUnknown{};

bool is_add(const Instruction& i) { return i.is(op::kI32Add) || i.is(op::kI64Add); }
bool is_sub(const Instruction& i) { return i.is(op::kI32Sub) || i.is(op::kI64Sub); }
/// -16, -32, ...: the stack's alignment, or a larger one.
bool is_rounding_mask(std::int64_t mask) { return mask <= -16 && (-mask & (-mask - 1)) == 0; }

/// A multiple of 16, as the sizes of allocations are.
bool is_rounded(const SymbolicValue& value) {
  return value.kind == SymbolicValue::Kind::rounded ||
         (value.kind == SymbolicValue::Kind::constant && value.number % 16 == 0);
}

bool is_and(const Instruction& i) { return i.is(op::kI32And) || i.is(op::kI64And); }
}  // namespace

void BodyScanner::deepen(std::int64_t depth) {
  if (depth > 0) body_->frame.depth = std::max(body_->frame.depth, static_cast<std::uint64_t>(depth));
}

/// The first reason stays, but an allocation tells more than that something was not followed.
void BodyScanner::give_up_frame(FrameKind kind, std::uint64_t file_offset) {
  if (kind != FrameKind::unknown && !allocation_) allocation_ = {kind, file_offset};
  const FrameKind before = body_->frame.kind;
  if (before != FrameKind::bounded && (before != FrameKind::unknown || kind == FrameKind::unknown)) return;
  body_->frame.kind = kind;
  body_->frame.file_offset = file_offset;
}

void BodyScanner::arithmetic(const Instruction& instruction) {
  const Value right = pop_number();
  const Value left = pop_number();
  if (left.kind == Value::Kind::pointer || right.kind == Value::Kind::pointer)
    return push(pointer_arithmetic(left, right, instruction));
  const bool constants = left.kind == Value::Kind::constant && right.kind == Value::Kind::constant;
  const Value* global = left.kind == Value::Kind::global ? &left : right.kind == Value::Kind::global ? &right : nullptr;
  const Value& other = global == &left ? right : left;
  if (is_and(instruction) && right.kind == Value::Kind::constant && is_rounding_mask(right.number)) {
    return push({.kind = Value::Kind::rounded});
  }
  const bool rounded = left.kind == Value::Kind::rounded || right.kind == Value::Kind::rounded;
  if (rounded && !is_and(instruction) && is_rounded(left) && is_rounded(right))
    return push({.kind = Value::Kind::rounded});
  if (!constants &&
      (global == nullptr || other.kind != Value::Kind::constant || (is_sub(instruction) && global == &right))) {
    return push(kUnknown);
  }
  const auto a = static_cast<std::uint64_t>(constants ? left.number : global->number);
  const auto b = static_cast<std::uint64_t>(constants ? right.number : other.number);
  Value result = constants ? left : *global;
  const std::uint64_t sum = is_sub(instruction) ? a - b : is_add(instruction) ? a + b : a & b;
  if (constants) {
    const bool narrow = instruction.is(op::kI32Add) || instruction.is(op::kI32Sub) || instruction.is(op::kI32And);
    result.number = narrow ? static_cast<std::int32_t>(sum) : static_cast<std::int64_t>(sum);
  } else if (!is_and(instruction)) {
    result.number = static_cast<std::int64_t>(sum);
  } else if (other.number >= 0) {
    result = kUnknown;
  }
  // An alignment mask (and -64) keeps a lowered global a lowered global.
  push(result);
}

/// Arithmetic with a value derived from the stack pointer. What lowers it counts, also where it is not written back: a
/// leaf function uses the red zone below the pointer.
SymbolicValue BodyScanner::pointer_arithmetic(const Value& left, const Value& right, const Instruction& instruction) {
  const bool on_left = left.kind == Value::Kind::pointer;
  const Value& other = on_left ? right : left;
  PointerValue pointer = on_left ? left.as_pointer() : right.as_pointer();
  const bool constant = other.kind == Value::Kind::constant;
  // The distance of two addresses, or an address and a distance.
  if (other.kind == Value::Kind::pointer || (is_sub(instruction) && !on_left)) return kUnknown;
  if (pointer.kind == PointerValue::Kind::dynamic && !is_and(instruction)) return pointer_value(pointer);
  if (pointer.kind == PointerValue::Kind::maybe && !is_and(instruction)) return maybe_arithmetic(other, instruction);
  if (is_and(instruction)) {
    // -64 clears six bits: at most 63 bytes lower. Other masks make no address.
    const std::int64_t mask = other.number;
    if (!constant || mask >= 0 || (-mask & (-mask - 1)) != 0) return kUnknown;
    pointer.depth += -mask - 1;
    pointer.exact = false;
    // No local is aligned to more than a page of the operating system: these are bits of an address, unless they are
    // written back.
    constexpr std::int64_t kMostAlignment = 4096;
    if (-mask > kMostAlignment) return pointer_value(pointer);
  } else if (constant) {
    const std::int64_t lower = is_sub(instruction) ? other.number : -other.number;
    pointer.depth += lower;
    pointer.interior |= lower < 0;
  } else {
    // Base plus index is an address, and so is an address in the frame minus one.
    return is_sub(instruction) && !pointer.interior ? lowered_by_unknown(other) : kUnknown;
  }
  // What a callee may have returned counts where it is written back: then the assumption is checked.
  if (pointer.kind == PointerValue::Kind::known && pointer.assumed == PointerValue::kNobody) deepen(pointer.depth);
  return pointer_value(pointer);
}

/// An allocation of a rounded size, or a distance: then what takes it tells.
SymbolicValue BodyScanner::lowered_by_unknown(const Value& amount) {
  if (amount.kind == Value::Kind::rounded) give_up_frame(FrameKind::dynamic, at_);
  return pointer_value(PointerValue::dynamic());
}

/// Arithmetic with what may be the stack pointer at some time, or something else. Allocations are multiples of 16.
SymbolicValue BodyScanner::maybe_arithmetic(const Value& amount, const Instruction& instruction) {
  if (amount.kind != Value::Kind::constant)
    return is_sub(instruction) ? pointer_value(PointerValue::dynamic()) : kUnknown;
  const std::int64_t lower = is_sub(instruction) ? amount.number : -amount.number;
  if (lower == 0) return pointer_value(PointerValue::maybe());
  return lower > 0 && lower % 16 == 0 ? pointer_value(PointerValue::dynamic()) : kUnknown;
}

void BodyScanner::set_global(const Instruction& instruction) {
  const Value value = pop_number();
  if (instruction.index != input_.stack_pointer) {
    if (value.kind == Value::Kind::global && value.index == instruction.index && value.number < 0) {
      body_->lowerings.push_back({instruction.index, static_cast<std::uint64_t>(-value.number)});
    }
    return;
  }
  const PointerValue pointer = value.as_pointer();
  if (!value.is_pointer() || pointer.kind == PointerValue::Kind::maybe) {
    give_up_frame(FrameKind::unknown, at_);
    state_.set_pointer(PointerValue::unknown());
    return;
  }
  if (pointer.assumed != PointerValue::kNobody) body_->frame.assumed_to_return_first.push_back(pointer.assumed);
  if (pointer.kind == PointerValue::Kind::dynamic) give_up_frame(FrameKind::dynamic, at_);
  if (pointer.kind == PointerValue::Kind::known && pointer.depth > 0) {
    deepen(pointer.depth);
    body_->lowerings.push_back({instruction.index, static_cast<std::uint64_t>(pointer.depth)});
  }
  state_.pointer = pointer;
  state_.pointer.assumed = PointerValue::kNobody;  // it is relied on from here
  state_.pointer.interior = false;
  for (auto& [local, kept] : state_.locals) kept.interior &= !(kept == pointer);
  state_.version = 0;
}

SymbolicValue BodyScanner::get_local(std::uint32_t local) const {
  const std::uint8_t flags = flags_of(local);
  if ((flags & kInStates) != 0) {
    if (const PointerValue* pointer = state_.find(local)) return pointer_value(*pointer);
  }
  if ((flags & kFirstParameter) != 0) return {.kind = Value::Kind::first_parameter};
  if ((flags & kKnownHere) != 0) return locals_[local];
  return (flags & kHoldsRounded) != 0 ? Value{.kind = Value::Kind::rounded} : kUnknown;
}

void BodyScanner::set_local(std::uint32_t local, const Value& value) {
  if (local >= kMostLocals) return;
  if (local == 0) {
    sets_first_local_ = true;
    local_flags_[0] &= static_cast<std::uint8_t>(~kFirstParameter);
  }
  if (value.is_pointer()) flag_local(local, kInStates);
  if ((flags_of(local) & kInStates) != 0) state_.set(local, value.as_pointer());
  if (value.kind == Value::Kind::rounded) flag_local(local, kHoldsRounded);
  if (value.is_pointer() || value.kind == Value::Kind::unknown) {
    if ((flags_of(local) & kKnownHere) != 0) local_flags_[local] &= static_cast<std::uint8_t>(~kKnownHere);
    return;
  }
  if (local >= locals_.size()) locals_.resize(local + 1);
  locals_[local] = value;
  if ((flags_of(local) & kKnownHere) == 0) known_locals_.push_back(local);
  flag_local(local, kKnownHere);
}

void BodyScanner::flag_local(std::uint32_t local, std::uint8_t flag) {
  if (local >= local_flags_.size()) local_flags_.resize(local + 1);
  if (local_flags_[local] == 0) flagged_locals_.push_back(local);
  local_flags_[local] |= flag;
}

/// The state, with a version that its copies share.
const PointerState& BodyScanner::versioned_state() {
  if (state_.version == 0) state_.version = ++versions_;
  return state_;
}

}  // namespace wml
