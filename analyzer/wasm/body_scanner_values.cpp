#include <algorithm>

#include "analyzer/wasm/body_scanner.h"
#include "analyzer/wasm/fingerprint.h"

// Values: what instructions take from and put on the symbolic operand stack.

namespace wml {
namespace {

constexpr SymbolicValue kUnknown{};

/// A constant as an address or a size: i32 constants are kept sign-extended.
std::uint64_t as_unsigned(const SymbolicValue& value) {
  return value.is_i64 ? static_cast<std::uint64_t>(value.number) : static_cast<std::uint32_t>(value.number);
}

SymbolicValue pointer_value(PointerValue pointer) {
  if (pointer.kind == PointerValue::Kind::unknown) return kUnknown;
  return {.pointer = pointer, .kind = SymbolicValue::Kind::pointer};
}

/// The size of the access of a plain load or store, in bytes, by opcode.
std::uint64_t access_bytes(std::uint8_t code) {
  constexpr std::uint8_t kBytes[] = {4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4};
  return kBytes[code - op::kFirstLoad];
}

bool is_add(const Instruction& i) { return i.is(op::kI32Add) || i.is(op::kI64Add); }
bool is_sub(const Instruction& i) { return i.is(op::kI32Sub) || i.is(op::kI64Sub); }
/// -16, -32, ...: the stack's alignment, or a larger one.
bool is_rounding_mask(std::int64_t mask) { return mask <= -16 && (-mask & (-mask - 1)) == 0; }

bool is_and(const Instruction& i) { return i.is(op::kI32And) || i.is(op::kI64And); }

}  // namespace

SymbolicValue BodyScanner::pop() {
  const std::size_t base = blocks_.empty() ? 0 : blocks_.back().stack_base;
  if (stack_.size() <= base) return kUnknown;
  const Value top = stack_.back();
  stack_.pop_back();
  if (top.is_dynamic() && !takes_numbers_) used_as_address_ = true;
  return top;
}

/// Where the operand is no address, or where it is followed further.
SymbolicValue BodyScanner::pop_number() {
  takes_numbers_ = true;
  const Value value = pop();
  takes_numbers_ = false;
  return value;
}

/// Where values leave the innermost block and are not followed.
void BodyScanner::lose_values() {
  for (std::size_t i = std::min(stack_.size(), blocks_.back().stack_base); i < stack_.size(); ++i) {
    used_as_address_ |= stack_[i].is_dynamic();
  }
}

/// Instructions whose effect is not counted may take any operand of the innermost block.
void BodyScanner::forget_stack() {
  lose_values();
  stack_.resize(std::min(stack_.size(), blocks_.back().stack_base));
}

/// Constants and the like in locals are followed in straight lines only.
void BodyScanner::forget_locals() {
  for (const std::uint32_t local : known_locals_) locals_[local] = kUnknown;
  known_locals_.clear();
}

void BodyScanner::mark_checked(const Value& value) {
  if (value.kind == Value::Kind::grow_result) body_->grows[value.index].result = GrowResult::checked;
}

/// Growing by nothing asks for the size; a function that reads memory.size may compare sizes instead.
void BodyScanner::drop_grow_result(GrowSite& site) {
  if (site.result == GrowResult::unknown && site.delta_pages != 0U) site.result = GrowResult::ignored;
}

void BodyScanner::apply_effect(StackEffect effect) {
  switch (effect) {
    case StackEffect::forget: forget_stack(); break;
    case StackEffect::nothing: break;
    case StackEffect::push: push(kUnknown); break;
    case StackEffect::ternary: pop(); [[fallthrough]];
    case StackEffect::binary: pop(); [[fallthrough]];
    case StackEffect::unary:
      pop();
      push(kUnknown);
      break;
    case StackEffect::pop2: pop(); [[fallthrough]];
    case StackEffect::pop: pop(); break;
  }
}

/// Instructions whose operands or results matter; false for all others.
bool BodyScanner::special(const Instruction& instruction) {  // NOLINT(readability-function-size): one flat switch
  switch (instruction.code) {
    case op::kI32Const:
    case op::kI64Const: {
      Value value{
          .number = instruction.constant, .kind = Value::Kind::constant, .is_i64 = instruction.is(op::kI64Const)};
      const std::uint64_t address = as_unsigned(value);
      if (address >= input_.window_low && address < input_.window_high && address % 16 == 0)
        body_->constants.push_back(address);
      body_->marks |= mark_of_constant(value.number);
      push(value);
      return true;
    }
    case op::kLocalGet: push(get_local(instruction.index)); return true;
    case op::kLocalSet: set_local(instruction.index, pop_number()); return true;
    case op::kLocalTee: {
      Value value = pop_number();
      value.is_kept = true;
      set_local(instruction.index, value);
      push(value);
      return true;
    }
    case op::kGlobalGet:
      if (instruction.index == input_.stack_pointer) {
        push(pointer_value(state_.pointer));
      } else {
        push({.index = instruction.index, .kind = Value::Kind::global});
      }
      return true;
    case op::kGlobalSet: set_global(instruction); return true;
    case op::kI32Shl:
    case op::kI64Shl:
    case op::kI32Mul:
    case op::kI64Mul: {
      const Value right = pop_number();
      pop_number();
      const bool shift = instruction.is(op::kI32Shl) || instruction.is(op::kI64Shl);
      const bool rounded = right.kind == Value::Kind::constant && (shift ? right.number >= 4 && right.number < 32
                                                                         : right.number != 0 && right.number % 16 == 0);
      push(rounded ? Value{.kind = Value::Kind::rounded} : kUnknown);
      return true;
    }
    case op::kSelect:
    case op::kSelectTyped: {
      pop_number();
      const Value second = pop_number();
      const Value first = pop_number();
      push(first.is_dynamic() || second.is_dynamic() ? pointer_value(PointerValue::dynamic()) : kUnknown);
      return true;
    }
    case op::kDrop: {
      const Value value = pop_number();
      if (value.kind == Value::Kind::grow_result && !value.is_kept) drop_grow_result(body_->grows[value.index]);
      return true;
    }
    case op::kCall:
    case op::kReturnCall: call(instruction); return true;
    case op::kCallIndirect:
    case op::kReturnCallIndirect:
    case op::kCallRef:
    case op::kReturnCallRef: call_indirect(instruction); return true;
    case op::kRefFunc:
      body_->references.push_back(instruction.index);
      push(kUnknown);
      return true;
    case op::kI32Add:
    case op::kI64Add:
    case op::kI32Sub:
    case op::kI64Sub:
    case op::kI32And:
    case op::kI64And: arithmetic(instruction); return true;
    case op::kI32Eqz:
      mark_checked(pop());
      push(kUnknown);
      return true;
    case op::kI32Clz: body_->marks |= kMarkClz; return false;
    case op::kSimdPrefix:
    case op::kAtomicPrefix: body_->writes_otherwise = true; return false;
    default: return memory_instruction(instruction);
  }
}

bool BodyScanner::memory_instruction(const Instruction& instruction) {
  if (instruction.is(op::kMemorySize)) {
    reads_size_ = true;
    body_->marks |= kMarkMemorySize;
    push({.kind = Value::Kind::memory_size});
    return true;
  }
  if (instruction.is(op::kMemoryGrow)) {
    grow(instruction);
    return true;
  }
  if (instruction.is(op::kMiscPrefix)) {
    if (instruction.second == op::kDataDrop) body_->dropped.push_back(instruction.index);
    if (instruction.second == op::kMemoryCopy) {
      body_->writes_otherwise = true;
      pop_number();  // how many bytes
      pop();
      pop();
      return true;
    }
    if (instruction.second != op::kMemoryFill && instruction.second != op::kMemoryInit) return false;
    fill_or_init(instruction);
    return true;
  }
  const bool load = instruction.code >= op::kFirstLoad && instruction.code <= op::kLastLoad;
  const bool store = instruction.code >= op::kFirstStore && instruction.code <= op::kLastStore;
  if ((load || store) && instruction.is_array_access) return false;
  if (load || store) {
    access(instruction, store);
    return true;
  }
  // memory.grow gives -1 when it fails: any comparison of its result is taken for a check.
  const bool i32_compare = instruction.code >= op::kI32Eq && instruction.code <= 0x4f;
  const bool i64_compare = instruction.code >= op::kI64Eq && instruction.code <= 0x5a;
  if (!i32_compare && !i64_compare) return false;
  mark_checked(pop());
  mark_checked(pop());
  push(kUnknown);
  return true;
}

void BodyScanner::pop_and_push(const FunctionType* type) {
  if (type == nullptr) return forget_stack();
  for (std::uint32_t i = 0; i < type->params; ++i) pop_number();
  for (std::uint32_t i = 0; i < type->results; ++i) push(kUnknown);
}

/// How far below its value on entry the pointer is at a call. Where that is not known the frame is given up.
std::uint32_t BodyScanner::depth_at_call() {
  const PointerValue& pointer = state_.pointer;
  if (input_.stack_pointer && pointer.kind == PointerValue::Kind::unknown) give_up_frame(FrameKind::unknown, at_);
  if (pointer.kind != PointerValue::Kind::known || pointer.depth <= 0) return 0;
  constexpr std::int64_t kMost = 0xffffffff;  // a frame that does not fit a 32-bit memory
  if (pointer.depth > kMost) give_up_frame(FrameKind::unknown, at_);
  return static_cast<std::uint32_t>(std::min(pointer.depth, kMost));
}

void BodyScanner::call(const Instruction& instruction) {
  const FunctionType* type = input_.type_of_function(instruction.index);
  const std::size_t base = blocks_.back().stack_base;
  Value first;
  if (type != nullptr && type->params > 0 && stack_.size() >= base + type->params)
    first = stack_[stack_.size() - type->params];
  if (instruction.index < input_.watched.size() && input_.watched[instruction.index]) watch(instruction, type);
  body_->calls.push_back({.callee = instruction.index, .depth = depth_at_call(), .loops = loop_depth_});
  may_throw();
  body_->writes_otherwise = true;
  pop_and_push(type);
  const bool of_interest = first.kind == Value::Kind::pointer || first.kind == Value::Kind::first_parameter;
  if (of_interest && first.pointer.assumed == PointerValue::kNobody && type->results == 1) {
    // LLVM knows that memcpy and memset return their first argument, and keeps a frame's address in the result. Whether
    // this callee does is checked when its body has been seen.
    pop();
    first.pointer.assumed = instruction.index;
    push(first);
  }
  if (!instruction.is(op::kReturnCall)) return;
  leave_function();
  end_of_path();
}

void BodyScanner::watch(const Instruction& instruction, const FunctionType* type) {
  WatchedCall call{.callee = instruction.index, .loops = loop_depth_, .file_offset = instruction.file_offset};
  const std::size_t base = blocks_.back().stack_base;
  const auto argument = [&](std::uint32_t i) {
    const bool known = type != nullptr && i < type->params && stack_.size() >= base + type->params;
    return known ? stack_[stack_.size() - type->params + i] : kUnknown;
  };
  const Value first = argument(0), second = argument(1);
  if (first.kind == Value::Kind::constant) call.first = as_unsigned(first);
  if (second.kind == Value::Kind::constant) call.second = as_unsigned(second);
  call.passes_its_own_first =
      first.kind == Value::Kind::first_parameter && first.pointer.assumed == PointerValue::kNobody;
  body_->watched_calls.push_back(call);
}

void BodyScanner::call_indirect(const Instruction& instruction) {
  const bool through_table = instruction.is(op::kCallIndirect) || instruction.is(op::kReturnCallIndirect);
  const bool tail = instruction.is(op::kReturnCallIndirect) || instruction.is(op::kReturnCallRef);
  pop();  // the index or the reference
  IndirectCall made{.type = instruction.index, .table = std::nullopt, .depth = depth_at_call()};
  if (through_table) made.table = instruction.index2;
  body_->indirect_calls.push_back(made);
  may_throw();
  body_->writes_otherwise = true;
  pop_and_push(input_.type_at(instruction.index));
  if (!tail) return;
  leave_function();
  end_of_path();
}

void BodyScanner::deepen(std::int64_t depth) {
  if (depth > 0) body_->frame.depth = std::max(body_->frame.depth, static_cast<std::uint64_t>(depth));
}

/// The first reason stays.
void BodyScanner::give_up_frame(FrameKind kind, std::uint64_t file_offset) {
  if (body_->frame.kind != FrameKind::bounded) return;
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
  PointerValue pointer = on_left ? left.pointer : right.pointer;
  const bool constant = other.kind == Value::Kind::constant;
  // The distance of two addresses, or an address and a distance.
  if (other.kind == Value::Kind::pointer || (is_sub(instruction) && !on_left)) return kUnknown;
  if (pointer.kind == PointerValue::Kind::dynamic && !is_and(instruction)) return pointer_value(pointer);
  if (is_and(instruction)) {
    // -64 clears six bits: at most 63 bytes lower. Other masks make no address.
    const std::int64_t mask = other.number;
    if (!constant || mask >= 0 || (-mask & (-mask - 1)) != 0) return kUnknown;
    pointer.depth += -mask - 1;
    pointer.exact = false;
  } else if (constant) {
    pointer.depth += is_sub(instruction) ? other.number : -other.number;
  } else if (is_sub(instruction)) {
    // An allocation of a rounded size, or a distance: then what takes it tells.
    if (other.kind == Value::Kind::rounded) give_up_frame(FrameKind::dynamic, at_);
    return pointer_value(PointerValue::dynamic());
  } else {
    return kUnknown;  // base plus index: an address
  }
  if (pointer.kind == PointerValue::Kind::known) deepen(pointer.depth);
  return pointer_value(pointer);
}

void BodyScanner::set_global(const Instruction& instruction) {
  const Value value = pop_number();
  if (instruction.index != input_.stack_pointer) {
    if (value.kind == Value::Kind::global && value.index == instruction.index && value.number < 0) {
      body_->lowerings.push_back({instruction.index, static_cast<std::uint64_t>(-value.number)});
    }
    return;
  }
  if (value.kind != Value::Kind::pointer) {
    give_up_frame(FrameKind::unknown, at_);
    state_.pointer = PointerValue::unknown();
    return;
  }
  if (value.pointer.assumed != PointerValue::kNobody) {
    body_->frame.assumed_to_return_first.push_back(value.pointer.assumed);
  }
  if (value.pointer.kind == PointerValue::Kind::dynamic) give_up_frame(FrameKind::dynamic, at_);
  if (value.pointer.kind == PointerValue::Kind::known && value.pointer.depth > 0) {
    body_->lowerings.push_back({instruction.index, static_cast<std::uint64_t>(value.pointer.depth)});
  }
  state_.pointer = value.pointer;
  state_.pointer.assumed = PointerValue::kNobody;  // it is relied on from here
}

SymbolicValue BodyScanner::get_local(std::uint32_t local) const {
  if (const PointerValue* pointer = state_.find(local)) return pointer_value(*pointer);
  if (local == 0 && !sets_first_local_) return {.kind = Value::Kind::first_parameter};
  return local < locals_.size() ? locals_[local] : kUnknown;
}

void BodyScanner::set_local(std::uint32_t local, const Value& value) {
  constexpr std::uint32_t kMostLocals = 60'000;  // more than a valid function can have
  if (local >= kMostLocals) return;
  sets_first_local_ |= local == 0;
  const bool is_pointer = value.kind == Value::Kind::pointer;
  if (is_pointer || state_.find(local) != nullptr) {
    if (is_pointer) {
      state_.set(local, value.pointer);
    } else {
      state_.erase(local);
    }
  }
  const Value plain = is_pointer ? kUnknown : value;
  if (local >= locals_.size()) {
    if (plain.kind == Value::Kind::unknown) return;
    locals_.resize(local + 1);
  }
  if (plain.kind != Value::Kind::unknown && locals_[local].kind == Value::Kind::unknown) known_locals_.push_back(local);
  locals_[local] = plain;
}

// Memory.

void BodyScanner::grow(const Instruction& instruction) {
  const Value delta = pop();
  GrowSite site{.function = function_, .file_offset = instruction.file_offset, .memory = instruction.index};
  if (delta.kind == Value::Kind::constant) site.delta_pages = as_unsigned(delta);
  if (delta.kind == Value::Kind::memory_size) body_->marks |= kMarkGrowsByItsSize;
  push({.index = static_cast<std::uint32_t>(body_->grows.size()), .kind = Value::Kind::grow_result});
  body_->grows.push_back(site);
}

void BodyScanner::write(Range range) {
  body_->constant_writes.push_back(range);
  if (blocks_.size() == 1) {
    body_->sure_writes.push_back(range);
  } else {
    body_->writes_otherwise = true;
  }
}

void BodyScanner::fill_or_init(const Instruction& instruction) {
  const Value bytes = pop_number();
  const Value source = pop();  // the byte to fill with, or the offset in the segment
  const Value address = pop();
  const bool first_memory = instruction.is_misc(op::kMemoryFill) ? instruction.index == 0 : instruction.index2 == 0;
  if (bytes.kind != Value::Kind::constant || address.kind != Value::Kind::constant || !first_memory) {
    body_->writes_otherwise = true;
    return;
  }
  const bool from_start = source.kind == Value::Kind::constant && source.number == 0;
  if (instruction.is_misc(op::kMemoryInit) && from_start)
    body_->inits.push_back({instruction.index, as_unsigned(address)});
  write({as_unsigned(address), saturating_add(as_unsigned(address), as_unsigned(bytes))});
}

void BodyScanner::access(const Instruction& instruction, bool store) {
  if (store) pop();
  const Value address = pop();
  if (!store) push(kUnknown);
  if (address.kind != Value::Kind::constant || instruction.memory != 0) {
    body_->writes_otherwise |= store;
    return;
  }
  const std::uint64_t low = as_unsigned(address) + instruction.offset;
  const std::uint64_t end = low + access_bytes(instruction.code);
  if (end <= input_.window_high) body_->highest_access = std::max(body_->highest_access, end);
  if (store) write({low, end});
}

}  // namespace wml
