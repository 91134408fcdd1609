#include <algorithm>

#include "analyzer/wasm/body_scanner.h"
#include "analyzer/wasm/pointer_arithmetic.h"

// The stack pointer, and the values and locals that are derived from it.

namespace wml {
namespace {

ArithmeticOp operation_of(const Instruction& i) {
  if (i.is(op::kI32And) || i.is(op::kI64And)) return ArithmeticOp::mask;
  return i.is(op::kI32Sub) || i.is(op::kI64Sub) ? ArithmeticOp::sub : ArithmeticOp::add;
}

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
  const bool is_i32 = instruction.is(op::kI32Add) || instruction.is(op::kI32Sub) || instruction.is(op::kI32And);
  const Arithmetic result = wml::arithmetic(left, right, operation_of(instruction), is_i32);
  deepen(result.formed);
  if (result.allocates) give_up_frame(FrameKind::dynamic, at_);
  push(result.value);
}

void BodyScanner::set_global(const Instruction& instruction) {
  const Value value = pop_number();
  if (instruction.index != input_.stack_pointer) {
    if (value.kind == Value::Kind::global && value.index == instruction.index && value.number < 0) {
      body_->lowerings.push_back({instruction.index, 0 - static_cast<std::uint64_t>(value.number)});
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
    lowest_written_ = std::max(lowest_written_, pointer.depth);
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
  return (flags & kHoldsRounded) != 0 ? Value{.kind = Value::Kind::rounded} : Value{};
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
