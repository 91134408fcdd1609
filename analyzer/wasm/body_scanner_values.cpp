#include <algorithm>
#include "analyzer/wasm/body_scanner.h"
#include "analyzer/wasm/fingerprint.h"

// Values: what instructions take from and put on the symbolic operand stack.

namespace wml {
namespace {

constexpr SymbolicValue kUnknown{};

/// The size of the access of a plain load or store, in bytes, by opcode.
std::uint64_t access_bytes(std::uint8_t code) {
  constexpr std::uint8_t kBytes[] = {4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4};
  return kBytes[code - op::kFirstLoad];
}

}  // namespace

SymbolicValue BodyScanner::pop() {
  const std::size_t base = blocks_.empty() ? 0 : blocks_.back().stack_base;
  if (stack_.size() <= base) return kUnknown;
  const Value top = stack_.back();
  stack_.pop();
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

/// Where a value goes is not followed.
void BodyScanner::lose(const Value& value) {
  used_as_address_ |= value.is_dynamic();
  lost_pointer_ |= value.is_pointer() && value.as_pointer().can_allocate();
}

void BodyScanner::lose_values() {
  for (std::size_t i = std::min(stack_.size(), blocks_.back().stack_base); i < stack_.size(); ++i) lose(stack_[i]);
}

/// What leaves a block as its results: one value that stands for each of them.
void BodyScanner::carry_values(Block& target) {
  for (std::uint32_t i = 0; i < target.results; ++i) {
    const bool is_there = stack_.size() > blocks_.back().stack_base + i;
    const PointerValue value = is_there ? stack_[stack_.size() - 1 - i].as_pointer() : PointerValue::unknown();
    target.result = target.result ? join(*target.result, value) : value;
  }
}

/// Instructions whose effect is not counted may take any operand of the innermost block.
void BodyScanner::forget_stack() {
  lose_values();
  stack_.cut(blocks_.back().stack_base);
}

/// Constants and the like in locals are followed in straight lines only.
void BodyScanner::forget_locals() {
  for (const std::uint32_t local : known_locals_) local_flags_[local] &= static_cast<std::uint8_t>(~kKnownHere);
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
      const std::uint64_t address = value.as_unsigned();
      if (input_.is_worth_keeping(address)) body_->constants.push_back(address);
      body_->marks |= mark_of_constant(value.number);
      push(value);
      return true;
    }
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
      push(product(right, instruction.code));
      return true;
    }
    case op::kSelect:
    case op::kSelectTyped: {
      pop_number();
      const Value second = pop_number();
      const Value first = pop_number();
      const bool rounded = first.kind == Value::Kind::rounded || second.kind == Value::Kind::rounded;
      push(rounded ? Value{.kind = Value::Kind::rounded}
                   : pointer_value(join(first.as_pointer(), second.as_pointer())));
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
    case op::kTableGet:
    case op::kTableSet:
    case op::kGcPrefix: table_instruction(instruction); return false;
    default: return memory_instruction(instruction);
  }
}

/// Notes where functions may get to.
void BodyScanner::table_instruction(const Instruction& instruction) {
  using enum FunctionPlace;
  const auto move = [this](FunctionPlace from, std::uint32_t from_index, FunctionPlace to, std::uint32_t to_index) {
    body_->moves.push_back({from, from_index, to, to_index});
  };
  if (instruction.is(op::kTableGet)) return move(table, instruction.index, references, 0);
  if (instruction.is(op::kTableSet)) return move(references, 0, table, instruction.index);
  if (instruction.is(op::kGcPrefix)) {
    if (instruction.second == op::kArrayNewElem || instruction.second == op::kArrayInitElem)
      move(segment, instruction.index2, references, 0);
    return;
  }
  switch (instruction.second) {
    case op::kTableInit: return move(segment, instruction.index, table, instruction.index2);
    case op::kTableCopy: return move(table, instruction.index2, table, instruction.index);
    case op::kTableGrow:
    case op::kTableFill: return move(references, 0, table, instruction.index);
    default: return;
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
    table_instruction(instruction);
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
    access(instruction);
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
  calls_ = true;
  body_->calls.push_back({.callee = instruction.index, .depth = depth_at_call(), .loops = loop_depth_});
  may_throw();
  body_->writes_otherwise = true;
  pop_and_push(type);
  const bool of_interest = first.kind == Value::Kind::pointer || first.kind == Value::Kind::first_parameter;
  if (of_interest && first.index == PointerValue::kNobody && type->results == 1) {
    // LLVM knows that memcpy and memset return their first argument, and keeps a frame's address in the result. Whether
    // this callee does is checked when its body has been seen.
    pop();
    first.index = instruction.index;
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
  if (first.kind == Value::Kind::constant) call.first = first.as_unsigned();
  if (second.kind == Value::Kind::constant) call.second = second.as_unsigned();
  call.passes_its_own_first = first.kind == Value::Kind::first_parameter && first.index == PointerValue::kNobody;
  body_->watched_calls.push_back(call);
}

void BodyScanner::call_indirect(const Instruction& instruction) {
  const bool through_table = instruction.is(op::kCallIndirect) || instruction.is(op::kReturnCallIndirect);
  const bool tail = instruction.is(op::kReturnCallIndirect) || instruction.is(op::kReturnCallRef);
  pop();  // the index or the reference
  IndirectCall made{.type = instruction.index, .table = std::nullopt, .depth = depth_at_call()};
  if (through_table) made.table = instruction.index2;
  calls_ = true;
  body_->indirect_calls.push_back(made);
  may_throw();
  body_->writes_otherwise = true;
  pop_and_push(input_.type_at(instruction.index));
  if (!tail) return;
  leave_function();
  end_of_path();
}

// Memory.

void BodyScanner::grow(const Instruction& instruction) {
  const Value delta = pop();
  GrowSite site{.function = function_, .file_offset = instruction.file_offset, .memory = instruction.index};
  if (delta.kind == Value::Kind::constant) site.delta_pages = delta.as_unsigned();
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
    body_->inits.push_back({instruction.index, address.as_unsigned()});
  write({address.as_unsigned(), saturating_add(address.as_unsigned(), bytes.as_unsigned())});
}

/// At -O0 the frame keeps what a variable-length array's scope restores the pointer to.
void BodyScanner::save(const Value& address, const Value& stored, std::uint64_t offset) {
  if (!stored.as_pointer().can_allocate() || !address.as_pointer().is_known()) return;
  bool is_new = saved_at_.insert(address.number - static_cast<std::int64_t>(offset)).second;
  is_new |= !address.exact && !saves_inexactly_;
  saves_inexactly_ |= !address.exact;
  if (is_new && loop_depth_ > 0) repeat_loop(outermost_loop());  // it may have been loaded before
}

SymbolicValue BodyScanner::load_saved(const Value& address, const Instruction& instruction) const {
  const bool whole = instruction.is(op::kFirstLoad) || instruction.is(op::kFirstLoad + 1);  // i32.load, i64.load
  if (saved_at_.empty() || !whole || !address.as_pointer().is_known()) return kUnknown;
  const bool saved = !address.exact || saves_inexactly_ ||
                     saved_at_.contains(address.number - static_cast<std::int64_t>(instruction.offset));
  return saved ? pointer_value(PointerValue::maybe()) : kUnknown;
}

void BodyScanner::access(const Instruction& instruction) {
  const bool store = instruction.code >= op::kFirstStore;
  const Value stored = store ? pop() : kUnknown;
  const Value address = pop();
  if (store) {
    save(address, stored, instruction.offset);
  } else {
    push(load_saved(address, instruction));
  }
  if (address.kind != Value::Kind::constant || instruction.memory != 0) {
    body_->writes_otherwise |= store;
    return;
  }
  const std::uint64_t low = address.as_unsigned() + instruction.offset;
  const std::uint64_t end = low + access_bytes(instruction.code);
  if (end <= input_.window_high) body_->highest_access = std::max(body_->highest_access, end);
  if (store) write({low, end});
}

}  // namespace wml
