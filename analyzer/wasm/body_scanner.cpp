#include "analyzer/wasm/body_scanner.h"

#include <algorithm>
#include <array>

// A body is interpreted once, front to back, over a symbolic operand stack: a value is a constant, a global plus a
// constant, a value derived from the stack pointer, the result of a memory.grow, or unknown. Popping an empty stack
// gives unknown, so forgetting is always sound.
//
// The stack pointer, and locals derived from it, are followed through structured control flow: where paths join, what
// they disagree on is joined. A loop is entered with what is known before it, as if its body changed nothing; when a
// branch back finds that it did, the fact is noted for that loop, and at the loop's end what was found in it is taken
// back and it is interpreted again. A pointer that gets lower on each turn has no bound.

namespace wml {
namespace {

constexpr std::uint8_t kFunctionBody = 0xff;  // no opcode: the outermost block
constexpr std::uint8_t kThrow = 0x08, kRethrow = 0x09, kThrowRef = 0x0a, kBrOnNull = 0xd5, kBrOnNonNull = 0xd6,
                       kFirstStackSwitch = 0xe0, kLastStackSwitch = 0xe6;
constexpr std::uint32_t kFirstBrOnCast = 0x18, kLastBrOnCast = 0x19, kFirstBrOnCastDesc = 0x25,
                        kLastBrOnCastDesc = 0x26;

/// Which instructions mean more than their effect on the operand stack.
enum class Role : std::uint8_t {
  plain,
  number,      ///< makes no address of its operands: divisions, shifts to the right
  comparison,  ///< of interest after a memory.grow
  control,     ///< or one of several that may be
  value,
};

constexpr std::array<Role, 256> make_roles() {
  std::array<Role, 256> roles{};  // plain
  const auto set = [&roles](unsigned from, unsigned to, Role role) {
    for (unsigned code = from; code <= to; ++code) roles[code] = role;
  };
  set(0x00, 0x1f, Role::control);
  set(op::kCall, op::kReturnCallRef, Role::value);
  roles[op::kDelegate] = roles[op::kCatchAll] = roles[op::kTryTable] = Role::control;
  roles[op::kDrop] = Role::value;
  roles[op::kSelect] = roles[op::kSelectTyped] = Role::value;
  set(op::kLocalGet, op::kTableSet, Role::value);
  set(op::kFirstLoad, op::kI64Const, Role::value);
  set(op::kI32Eqz, 0x5a, Role::comparison);
  set(0x67, 0x69, Role::number);  // i32.clz, ctz, popcnt
  set(0x6d, 0x70, Role::number);  // i32.div_s to rem_u
  set(0x75, 0x76, Role::number);  // i32.shr_s, shr_u
  set(0x79, 0x7b, Role::number);  // the same of i64
  set(0x7f, 0x82, Role::number);
  set(0x87, 0x88, Role::number);
  for (const std::uint8_t code :
       {op::kI32Clz, op::kI32Mul, op::kI64Mul, op::kI32Shl, op::kI64Shl, op::kI32Add, op::kI32Sub, op::kI32And,
        op::kI64Add, op::kI64Sub, op::kI64And, op::kRefFunc, op::kMiscPrefix, op::kSimdPrefix, op::kAtomicPrefix}) {
    roles[code] = Role::value;
  }
  set(kBrOnNull, kBrOnNonNull, Role::control);
  set(kFirstStackSwitch, kLastStackSwitch, Role::control);
  roles[op::kGcPrefix] = Role::control;
  return roles;
}
constexpr std::array<Role, 256> kRoles = make_roles();

/// One entry per callee, and per type and table.
void merge_calls(BodySummary& body) {
  std::ranges::sort(body.calls, {}, &Call::callee);
  std::size_t kept = 0;
  for (const Call& call : body.calls) {
    Call* last = kept == 0 ? nullptr : &body.calls[kept - 1];
    if (last == nullptr || last->callee != call.callee) {
      body.calls[kept++] = call;
      continue;
    }
    last->depth = std::max(last->depth, call.depth);
    last->loops = std::max(last->loops, call.loops);
    last->sites += call.sites;
  }
  body.calls.cut(kept);
  const auto kind = [](const IndirectCall& call) { return std::pair(call.type, call.table); };
  std::ranges::sort(body.indirect_calls, {}, kind);
  kept = 0;
  for (const IndirectCall& call : body.indirect_calls) {
    IndirectCall* last = kept == 0 ? nullptr : &body.indirect_calls[kept - 1];
    if (last == nullptr || kind(*last) != kind(call)) {
      body.indirect_calls[kept++] = call;
      continue;
    }
    last->depth = std::max(last->depth, call.depth);
    last->sites += call.sites;
  }
  body.indirect_calls.cut(kept);
}

}  // namespace

void BodySummary::clear(std::uint64_t new_offset, std::uint64_t new_bytes) {
  file_offset = new_offset;
  bytes = new_bytes;
  analysed = true;
  frame.kind = FrameKind::bounded;
  frame.depth = frame.file_offset = 0;
  frame.leaves_pointer_changed = frame.from_ir = false;
  returns_first_argument = throws = writes_otherwise = false;
  marks = most_catches = 0;
  highest_access = 0;
  for_each_list([](auto& list) { list.clear(); });
}

void BodyScanner::scan(std::uint32_t function, BodySummary& body) {
  function_ = function;
  loop_locals_.clear();
  loop_pointers_.clear();
  for (const std::uint32_t local : flagged_locals_) local_flags_[local] = 0;
  flagged_locals_.clear();
  allocation_.reset();
  saved_at_.clear();
  saves_inexactly_ = false;
  scratch_.clear(body.file_offset, body.bytes);
  body_ = &scratch_;
  interpret();
  // What the first turn of a loop allocates counts, also where later turns are no longer followed.
  if (allocation_) give_up_frame(allocation_->first, allocation_->second);
  merge_calls(scratch_);
  body = scratch_;  // a copy: its lists take what they need and no more
}

void BodyScanner::interpret() {
  stack_.clear();
  forget_locals();
  flag_local(0, kFirstParameter);
  blocks_.clear();
  blocks_.open(kFunctionBody);
  tries_ = 0;
  state_.pointer = {};
  state_.locals.clear();
  state_.version = 0;
  reachable_ = true;
  repeat_from_ = kNoBlock;
  resume_at_ = 0;
  repeated_bytes_ = 0;
  calls_ = malformed_ = false;
  lowest_formed_ = 0;
  lowest_written_ = 0;
  reads_size_ = false;
  used_as_address_ = lost_pointer_ = false;
  sets_first_local_ = false;
  returns_other_ = false;
  loops_seen_ = 0;
  loop_depth_ = 0;
  ByteCursor cursor(file_, body_->file_offset, body_->file_offset + body_->bytes);
  skip_locals(cursor);
  Instruction instruction;
  for (;;) {
    follow_common(cursor);
    if (resume_at_ == 0) {
      if (cursor.at_end() || !read_instruction(cursor, instruction)) break;
      step(instruction);
    }
    if (resume_at_ == 0) continue;
    cursor = ByteCursor(file_, resume_at_, cursor.end());
    read_instruction(cursor, instruction);  // `loop` itself, which was followed
    resume_at_ = 0;
  }
  for (GrowSite& site : body_->grows) {
    if (reads_size_ && site.result == GrowResult::ignored) site.result = GrowResult::unknown;
  }
  // Only a function without calls may allocate without lowering the pointer (LLVM's WebAssemblyFrameLowering,
  // needsSPWriteback); in others what looks like an allocation is a distance.
  const bool is_leaf = body_->calls.empty() && body_->indirect_calls.empty();
  deepen(lowest_written_);
  if (is_leaf && lowest_written_ == 0) deepen(static_cast<std::int64_t>(lowest_formed_));  // in the red zone
  if (is_leaf && used_as_address_) give_up_frame(FrameKind::dynamic, body_->file_offset);
  if (is_leaf && lost_pointer_) give_up_frame(FrameKind::unknown, body_->file_offset);
  const FunctionType* type = input_.type_of_function(function_);
  body_->returns_first_argument =
      type != nullptr && type->params > 0 && type->results == 1 && !returns_other_ && !sets_first_local_;
  body_->analysed = !cursor.failed() && blocks_.empty() && !malformed_;
  if (body_->analysed) return;
  body_->writes_otherwise = true;
  give_up_frame(FrameKind::unknown, at_);
}

void BodyScanner::step(const Instruction& instruction) {
  if (blocks_.empty()) return;  // bytes behind the function's end
  at_ = instruction.file_offset;
  if (instruction.is(op::kLocalGet)) {  // a third of all instructions: ahead of the tables
    if (reachable_) push(get_local(instruction.index));
    return;
  }
  switch (kRoles[instruction.code]) {
    case Role::plain:
      if (reachable_) apply_effect(instruction.effect);
      return;
    case Role::number:
    case Role::comparison:
      if (!reachable_) return;
      takes_numbers_ = true;
      if (kRoles[instruction.code] == Role::number || body_->grows.empty() || !special(instruction))
        apply_effect(instruction.effect);
      takes_numbers_ = false;
      return;
    case Role::control:
      if (control(instruction)) return;
      break;
    case Role::value:
      if (!reachable_) return;
      break;
  }
  if (!special(instruction)) apply_effect(instruction.is_array_access ? StackEffect::forget : instruction.effect);
}

// Control flow.

/// Instructions that open, part, close or leave blocks; false for all others.
bool BodyScanner::control(const Instruction& instruction) {
  switch (instruction.code) {
    case op::kBlock:
    case op::kLoop:
    case op::kIf:
    case op::kTry:
    case op::kTryTable: open_block(instruction); return true;
    case op::kElse:
    case op::kCatch:
    case op::kCatchAll: next_part(instruction); return true;
    case op::kDelegate:
    case op::kEnd: close_block(instruction); return true;
    default: break;
  }
  if (!reachable_) return true;
  switch (instruction.code) {
    case op::kBr:
      branch(instruction.index);
      end_of_path();
      return true;
    case op::kBrIf: branch_if(instruction); return true;
    case kBrOnNull:
    case kBrOnNonNull:
      forget_stack();
      branch(instruction.index);
      return true;
    case op::kBrTable:
      pop_number();
      for (const std::uint32_t label : instruction.labels) branch(label);
      end_of_path();
      return true;
    case op::kReturn:
      leave_function();
      end_of_path();
      return true;
    case kThrow:
    case kRethrow:
    case kThrowRef: throws_here(); [[fallthrough]];
    case op::kUnreachable: end_of_path(); return true;
    case op::kGcPrefix: {
      const bool cast = (instruction.second >= kFirstBrOnCast && instruction.second <= kLastBrOnCast) ||
                        (instruction.second >= kFirstBrOnCastDesc && instruction.second <= kLastBrOnCastDesc);
      if (!cast) return false;
      forget_stack();
      branch(instruction.index);
      return true;
    }
    default: break;
  }
  if (instruction.code < kFirstStackSwitch || instruction.code > kLastStackSwitch) return false;
  // Another stack may run before the next instruction does.
  throws_here();
  give_up_frame(FrameKind::unknown, at_);
  state_ = {PointerValue::unknown(), {}};
  for (const std::uint32_t label : instruction.labels) branch(label);
  forget_stack();
  return true;
}

void BodyScanner::open_block(const Instruction& instruction) {
  forget_locals();
  if (instruction.is(op::kIf) && reachable_) pop_number();
  const FunctionType* type =
      instruction.constant >= 0 ? input_.type_at(static_cast<std::uint64_t>(instruction.constant)) : nullptr;
  if (type != nullptr) {
    for (std::uint32_t i = 0; i < type->params; ++i) lose(pop());
  } else if (instruction.constant >= 0) {
    forget_stack();
  }
  Block& block = blocks_.open(instruction.code);
  block.stack_base = stack_.size();
  block.entered_reachable = reachable_;
  block.carries_values = type != nullptr || instruction.constant != Instruction::kEmptyBlock;
  block.results = type != nullptr ? type->results : instruction.constant == Instruction::kEmptyBlock ? 0 : 1;
  if (instruction.is(op::kTryTable)) block.catch_labels = instruction.labels;
  block.catches_all = instruction.catches_all;
  if (block.is_try_body()) ++tries_;
  if (instruction.is(op::kLoop)) {
    block.loop = loops_seen_++;
    ++loop_depth_;
    note_start(block);
    open_loop();
  }
  if (instruction.is(op::kLoop) || instruction.is(op::kIf)) block.entry = versioned_state();
}

BodyScanner::Block& BodyScanner::OpenBlocks::open(std::uint8_t opcode) {
  if (count_ == blocks_.size()) blocks_.emplace_back();
  Block& block = blocks_[count_++];
  block.opcode = opcode;
  block.stack_base = 0;
  block.results = block.catches = 0;
  block.carries_values = block.catches_all = false;
  block.result.reset();
  block.entered_reachable = true;
  block.exit.reached = block.thrown.reached = false;
  block.catch_labels.clear();
  return block;
}

void BodyScanner::next_part(const Instruction& instruction) {
  forget_locals();
  Block& block = blocks_.back();
  const bool belongs =
      instruction.is(op::kElse) ? block.opcode == op::kIf : block.opcode == op::kTry || block.opcode == op::kCatch;
  if (!belongs) {
    malformed_ = true;
    return;
  }
  if (block.is_try_body()) --tries_;
  if (reachable_) {
    carry_values(block);
    block.exit.add(versioned_state());
  }
  stack_.cut(block.stack_base);
  reachable_ = block.entered_reachable;
  if (instruction.is(op::kElse)) {
    state_ = block.entry;
  } else {
    body_->most_catches = std::max(body_->most_catches, ++block.catches);
    reachable_ &= block.thrown.reached;
    if (reachable_) catch_here(block);
  }
  block.catches_all |= instruction.is(op::kCatchAll);
  block.opcode = instruction.code;
}

/// Does what `end` or `delegate` does.
void BodyScanner::close_block(const Instruction& instruction) {
  forget_locals();
  Block& block = blocks_.back();
  if (repeat_from_ == blocks_.size() - 1) return repeat(block);
  if (reachable_ && block.opcode != kFunctionBody) carry_values(block);
  blocks_.close();  // its values stay until another one is opened
  if (block.opcode == kFunctionBody) {
    if (reachable_) leave_function();
    return;
  }
  if (block.is_try_body()) --tries_;
  const std::size_t outer = blocks_.size() - 1;
  throw_out_of(block, outer - (instruction.is(op::kDelegate) ? std::min<std::size_t>(instruction.index, outer) : 0));
  if (block.opcode == op::kLoop) --loop_depth_;
  // Without an else, the condition may skip the body.
  if (block.opcode == op::kIf && block.entered_reachable) {
    block.exit.add(block.entry);
    if (block.result) block.result = join_with_nothing(*block.result);
  }
  const bool is_handled = block.thrown.reached && !block.catch_labels.empty();
  if (block.exit.reached || is_handled) {  // else this path is the only one
    if (reachable_) block.exit.add(versioned_state());
    // A handler of a try_table is reached with the state of a throw.
    if (is_handled) {
      catch_here(block);
      for (const std::uint32_t label : block.catch_labels) branch(label, false);
    }
    reachable_ = block.exit.reached;
    if (reachable_) std::swap(state_, block.exit.state);
  }
  stack_.cut(block.stack_base);
  if (!reachable_) return;
  for (std::uint32_t i = 0; i < block.results; ++i) push(pointer_value(block.result.value_or(PointerValue::unknown())));
}

void BodyScanner::branch_if(const Instruction& instruction) {
  pop_number();
  branch(instruction.index);
}

/// Follows a branch; without `takes_values` what it takes along is an exception's.
void BodyScanner::branch(std::uint32_t label, bool takes_values) {
  if (label >= blocks_.size()) return;
  Block& target = blocks_[blocks_.size() - 1 - label];
  if (target.opcode == kFunctionBody) return leave_function();
  if (target.opcode == op::kLoop) {
    if (target.carries_values && takes_values) lose_values();
    return branch_back(blocks_.size() - 1 - label);
  }
  if (takes_values) {
    carry_values(target);
  } else if (target.result) {
    target.result = join_with_nothing(*target.result);
  }
  target.exit.add(versioned_state());
}

/// A return: the pointer must be what it was on entry.
void BodyScanner::leave_function() {
  const PointerValue& pointer = state_.pointer;
  const bool restored = pointer.kind == PointerValue::Kind::known && pointer.exact && pointer.depth == 0;
  if (!restored) body_->frame.leaves_pointer_changed = true;
  const bool first = !stack_.empty() && stack_.back().kind == Value::Kind::first_parameter;
  returns_other_ |= !first;
  if (first && stack_.back().index != PointerValue::kNobody) body_->returns_first_if.push_back(stack_.back().index);
}

/// What is left on the operand stack is discarded.
void BodyScanner::end_of_path() {
  reachable_ = false;
  stack_.cut(blocks_.back().stack_base);
}

}  // namespace wml
