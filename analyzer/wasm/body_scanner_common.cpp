#include <algorithm>
#include <tuple>
#include <utility>

#include "analyzer/wasm/body_scanner.h"
#include "analyzer/wasm/common_instructions.h"
#include "analyzer/wasm/fingerprint.h"

// The instructions that nearly all code is made of, decoded and followed at once, with what is needed at each of them
// in registers: most operands are unknown, and most of these instructions do nothing then but put another unknown value
// on the stack. Whatever is less simple (operands that are not there, that matter, or numbers of five bytes) is left to
// `step`, which knows all instructions: one that is left has had no effect yet.

namespace wml {
namespace {

/// Arithmetic that gives an unknown value and does nothing else: with no operand that it could be followed through.
inline bool gives_unknown(const SymbolicValue& left, const SymbolicValue& right) {
  using enum SymbolicValue::Kind;
  return std::max(left.kind, right.kind) <= constant && std::min(left.kind, right.kind) < constant;
}

}  // namespace

BodyScanner::Registers BodyScanner::registers() {
  return {stack_.top(), stack_.bottom() + std::min(blocks_.back().stack_base, stack_.size())};
}

/// Has an instruction followed by what looks at more of the scanner's state, and may change it. Out of line, so that
/// the loop's own variables stay in registers.
template <auto follow>
[[gnu::noinline]] BodyScanner::Registers BodyScanner::hand_on(const std::uint8_t* at, const Value* top,
                                                              std::uint32_t immediate) {
  stack_.set_top(top);
  at_ = static_cast<std::uint64_t>(at - file_.data());
  common_.file_offset = at_;
  common_.code = *at;
  common_.index = immediate;   // of what has an index,
  common_.offset = immediate;  // or of a load or store
  (this->*follow)(common_);
  return blocks_.empty() ? Registers{stack_.top(), stack_.bottom()} : registers();
}

/// What a constant is of interest for.
inline void BodyScanner::note_constant(std::int64_t number, std::uint64_t address) {
  if (address >= input_.window_low && address < input_.window_high && address % 16 == 0)
    body_->constants.push_back(address);
  body_->marks |= mark_of_constant(number);
}

// NOLINTNEXTLINE(readability-function-size): one flat switch; what it keeps in registers cannot be handed on
void BodyScanner::follow_common(ByteCursor& cursor) {
  if (blocks_.empty() || cursor.failed()) return;
  const std::uint8_t* at = file_.data() + cursor.position();
  const std::uint8_t* const end = file_.data() + cursor.end();
  const std::uint8_t* const stop = end - std::min<std::ptrdiff_t>(end - at, kLongest);
  const std::uint8_t* last = nullptr;
  // What is in a path that is never taken, other than the end of its block, is passed over by `step`.
  if (!reachable_ && at < end && *at != op::kEnd && *at != op::kElse) return;
  auto [top, base] = registers();
  while (at < stop || (at < end && fits(at, end))) {
    if (top == stack_.end_of_room()) {
      stack_.set_top(top);
      stack_.make_room();
      std::tie(top, base) = std::pair(stack_.top(), registers().base);
    }
    const std::uint8_t* next = at + 1;
    std::uint32_t index = 0;
    std::int64_t number = 0;
    const Common common = kCommon[*at];
    if (top - base < common.operands) break;
    bool done = true;  // false: it is left to `step`
    Registers after{top, base};
    switch (common.how) {
      case How::rare: done = false; break;
      case How::local_get:
        done = read_index(next, index);
        if (!done) break;
        *after.top++ = flags_of(index) == 0 ? Value{} : get_local(index);
        break;
      case How::local_set:
        done = read_index(next, index);
        if (!done) break;
        --after.top;
        if (top[-1].kind != Value::Kind::unknown || flags_of(index) != 0 || index == 0) set_local(index, top[-1]);
        break;
      case How::local_tee:
        done = read_index(next, index);
        if (!done) break;
        top[-1].is_kept = true;
        if (top[-1].kind != Value::Kind::unknown || flags_of(index) != 0 || index == 0) set_local(index, top[-1]);
        break;
      case How::load:
        done = read_offset(next, index);
        if (!done) break;
        if (top[-1].is_constant() || (top[-1].is_pointer() && !saved_at_.empty())) {
          after = hand_on<&BodyScanner::access>(at, top, index);
          break;
        }
        used_as_address_ |= top[-1].is_dynamic();
        top[-1] = {};
        break;
      case How::store:
        done = read_offset(next, index);
        if (!done) break;
        if (top[-2].is_constant() || top[-1].is_pointer()) {
          after = hand_on<&BodyScanner::access>(at, top, index);
          break;
        }
        used_as_address_ |= top[-2].is_dynamic();
        body_->writes_otherwise = true;
        after.top -= 2;
        break;
      case How::i32_const:
        done = read_signed(next, number);
        if (!done) break;
        note_constant(number, static_cast<std::uint32_t>(number));
        *after.top++ = {.number = number, .kind = Value::Kind::constant};
        break;
      case How::i64_const:
        done = read_signed(next, number);
        if (!done) break;
        note_constant(number, static_cast<std::uint64_t>(number));
        *after.top++ = {.number = number, .kind = Value::Kind::constant, .is_i64 = true};
        break;
      case How::f32_const:
        next += 4;
        *after.top++ = {};
        break;
      case How::f64_const:
        next += 8;
        *after.top++ = {};
        break;
      case How::unary:
        used_as_address_ |= top[-1].is_dynamic();
        top[-1] = {};
        break;
      case How::binary:
        used_as_address_ |= top[-1].is_dynamic() || top[-2].is_dynamic();
        --after.top;
        top[-2] = {};
        break;
      case How::check_unary:
        done = body_->grows.empty();
        if (!done) break;
        top[-1] = {};
        break;
      case How::number_unary: top[-1] = {}; break;
      case How::check_binary:
        done = body_->grows.empty();
        if (!done) break;
        --after.top;
        top[-2] = {};
        break;
      case How::number_binary:
        --after.top;
        top[-2] = {};
        break;
      case How::add_or_sub:
        if (gives_unknown(top[-2], top[-1])) {
          --after.top;
          top[-2] = {};
          break;
        }
        after = hand_on<&BodyScanner::arithmetic>(at, top, 0);
        break;
      case How::mask:
        if (!top[-1].is_constant() && gives_unknown(top[-2], top[-1])) {
          --after.top;
          top[-2] = {};
          break;
        }
        after = hand_on<&BodyScanner::arithmetic>(at, top, 0);
        break;
      case How::multiply_or_shift:
        --after.top;
        top[-2] = product(top[-1], *at);
        break;
      case How::select:
        done = std::max(top[-2].kind, top[-3].kind) <= Value::Kind::global;
        if (!done) break;
        after.top -= 2;
        top[-3] = {};
        break;
      case How::drop:
        done = top[-1].kind != Value::Kind::grow_result;
        if (!done) break;
        --after.top;
        break;
      case How::global_get:
        done = read_index(next, index);
        if (!done) break;
        *after.top++ = index == input_.stack_pointer ? pointer_value(state_.pointer)
                                                     : Value{.index = index, .kind = Value::Kind::global};
        break;
      case How::global_set:
        done = read_index(next, index);
        if (!done) break;
        after = hand_on<&BodyScanner::set_global>(at, top, index);
        break;
      case How::block:
        // One byte that is no type index and that no heap type follows.
        done = *next >= 0x40 && *next < 0x80 && *next != 0x63 && *next != 0x64;
        if (!done) break;
        common_.constant = static_cast<std::int64_t>(*next++) - 0x80;
        after = hand_on<&BodyScanner::open_block>(at, top, 0);
        break;
      case How::end: after = hand_on<&BodyScanner::close_block>(at, top, 0); break;
      case How::path_end:
        done = *at != op::kBr || read_index(next, index);
        if (!done) break;
        after = hand_on<&BodyScanner::control>(at, top, index);
        break;
      case How::branch_if:
        done = read_index(next, index);
        if (!done) break;
        after = hand_on<&BodyScanner::branch_if>(at, top, index);
        break;
      case How::call:
        done = read_index(next, index);
        if (!done) break;
        after = hand_on<&BodyScanner::call>(at, top, index);
        break;
      case How::call_indirect:
        done = read_index(next, index) && *next < 0x80;
        if (!done) break;
        common_.index2 = *next++;
        after = hand_on<&BodyScanner::call_indirect>(at, top, index);
        break;
    }
    if (!done) break;
    const bool ended_path = common.how >= How::end;
    last = at;
    at = next;
    top = after.top;
    base = after.base;
    if (ended_path && (blocks_.empty() || (!reachable_ && at < end && *at != op::kEnd && *at != op::kElse))) break;
  }
  stack_.set_top(top);
  if (last != nullptr) at_ = static_cast<std::uint64_t>(last - file_.data());
  cursor.skip(static_cast<std::uint64_t>(at - file_.data()) - cursor.position(), "");
}

}  // namespace wml
