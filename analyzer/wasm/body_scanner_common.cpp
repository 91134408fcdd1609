#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "analyzer/wasm/body_scanner.h"
#include "analyzer/wasm/common_instructions.h"
#include "analyzer/wasm/fingerprint.h"

// The instructions that nearly all code is made of, decoded and followed at once: most operands are unknown, and most
// of these instructions do nothing then but put another unknown value on the stack. Whatever is less simple (operands
// that are not there, that matter, or numbers of five bytes) is left to `step`, which knows all instructions: one that
// is left has had no effect yet.
//
// There is one function for each way to follow an instruction, and each ends with a jump to that of the next
// instruction (a call that takes the place of its caller), so that where the scan is stays in registers all along.

namespace wml {

/// Has an instruction followed by what looks at more of the scanner's state, and may change it.
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

BodyScanner::Registers BodyScanner::registers() {
  return {stack_.top(), stack_.bottom() + std::min(blocks_.back().stack_base, stack_.size())};
}

/// Where the scan is: at an instruction, with the operand stack's top, and its base in the innermost block. Before
/// `stop` any instruction that is followed here ends inside the body.
struct CommonInstructions {
  using Scan = BodyScanner&;
  using Value = SymbolicValue;
  static constexpr Value kUnknown{};
  using At = const std::uint8_t*;
  using Follow = void (*)(Scan scan, At at, Value* top, Value* base, At stop);

  static const std::array<Follow, 256> by_code;

  [[gnu::always_inline]] static void next(Scan scan, At at, Value* top, Value* base, At stop) {
    if (at >= stop) [[unlikely]]
      [[clang::musttail]] return near_end(scan, at, top, base, stop);
    [[clang::musttail]] return by_code[*at](scan, at, top, base, stop);
  }

  /// The last instructions of a body, one of which may go on past its end.
  [[gnu::noinline]] static void near_end(Scan scan, At at, Value* top, Value* base, At stop) {
    const At end = scan.file_.data() + scan.end_;
    if (at >= end || !fits(at, end)) [[clang::musttail]]
      return leave(scan, at, top, base, stop);
    [[clang::musttail]] return by_code[*at](scan, at, top, base, stop);
  }

  /// The instruction is left to `step`.
  static void leave(Scan scan, At at, Value* top, Value* /*base*/, At /*stop*/) {
    scan.stack_.set_top(top);
    scan.left_at_ = static_cast<std::uint64_t>(at - scan.file_.data());
  }

  /// What follows the end of a path, up to the end of its block, is passed over by `step`.
  static void next_on_path(Scan scan, At at, Value* top, Value* base, At stop) {
    const bool done = scan.blocks_.empty() || scan.resume_at_ != 0;
    const bool skipped = !scan.reachable_ && at < scan.file_.data() + scan.end_ && *at != op::kEnd && *at != op::kElse;
    if (done || skipped) [[clang::musttail]]
      return leave(scan, at, top, base, stop);
    [[clang::musttail]] return next(scan, at, top, base, stop);
  }

  [[gnu::noinline]] static void make_room(Scan scan, At at, Value* top, Value* /*base*/, At stop) {
    scan.stack_.set_top(top);
    scan.stack_.make_room();
    const auto [new_top, new_base] = scan.registers();
    [[clang::musttail]] return by_code[*at](scan, at, new_top, new_base, stop);
  }

  static bool is_full(Scan scan, const Value* top) { return top == scan.stack_.end_of_room(); }
  static void note_address(Scan scan, const Value& value) {
    if (value.is_pointer()) [[unlikely]]
      scan.used_as_address_ |= value.is_dynamic();
  }

  static void local_get(Scan scan, At at, Value* top, Value* base, At stop) {
    if (is_full(scan, top)) [[unlikely]]
      [[clang::musttail]] return make_room(scan, at, top, base, stop);
    At after = at + 1;
    std::uint32_t index = 0;
    if (!read_index(after, index)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    if (scan.flags_of(index) != 0) [[unlikely]]
      [[clang::musttail]] return flagged_local_get(scan, at, top, base, stop);
    *top = kUnknown;
    [[clang::musttail]] return next(scan, after, top + 1, base, stop);
  }
  [[gnu::noinline]] static void flagged_local_get(Scan scan, At at, Value* top, Value* base, At stop) {
    std::uint32_t index = 0;
    read_index(++at, index);
    *top = scan.get_local(index);
    [[clang::musttail]] return next(scan, at, top + 1, base, stop);
  }

  template <int popped>  // 0 where the value stays: local.tee
  static void local_set(Scan scan, At at, Value* top, Value* base, At stop) {
    At after = at + 1;
    std::uint32_t index = 0;
    if (top - base < 1 || !read_index(after, index)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    if (top[-1].kind != Value::Kind::unknown || scan.flags_of(index) != 0 || index == 0) [[unlikely]]
      [[clang::musttail]] return flagged_local_set<popped>(scan, at, top, base, stop);
    if (popped == 0) top[-1].is_kept = true;
    [[clang::musttail]] return next(scan, after, top - popped, base, stop);
  }
  template <int popped>
  [[gnu::noinline]] static void flagged_local_set(Scan scan, At at, Value* top, Value* base, At stop) {
    std::uint32_t index = 0;
    read_index(++at, index);
    if (popped == 0) top[-1].is_kept = true;
    scan.set_local(index, top[-1]);
    [[clang::musttail]] return next(scan, at, top - popped, base, stop);
  }

  static void load(Scan scan, At at, Value* top, Value* base, At stop) {
    At after = at + 1;
    std::uint32_t offset = 0;
    if (top - base < 1 || !read_offset(after, offset)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    if (top[-1].is_constant() || (top[-1].is_pointer() && !scan.saved_at_.empty())) [[clang::musttail]]
      return known_access(scan, at, top, base, stop);
    note_address(scan, top[-1]);
    top[-1] = kUnknown;
    [[clang::musttail]] return next(scan, after, top, base, stop);
  }
  static void store(Scan scan, At at, Value* top, Value* base, At stop) {
    At after = at + 1;
    std::uint32_t offset = 0;
    if (top - base < 2 || !read_offset(after, offset)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    if (top[-2].is_constant() || top[-1].is_pointer()) [[clang::musttail]]
      return known_access(scan, at, top, base, stop);
    note_address(scan, top[-2]);
    scan.body_->writes_otherwise = true;
    [[clang::musttail]] return next(scan, after, top - 2, base, stop);
  }
  /// At an address, or of a value, of which something is known.
  [[gnu::noinline]] static void known_access(Scan scan, At at, Value* top, Value* /*base*/, At stop) {
    At after = at + 1;
    std::uint32_t offset = 0;
    read_offset(after, offset);
    const auto [new_top, new_base] = scan.hand_on<&BodyScanner::access>(at, top, offset);
    [[clang::musttail]] return next(scan, after, new_top, new_base, stop);
  }

  template <bool is_i64>
  static void constant(Scan scan, At at, Value* top, Value* base, At stop) {
    if (is_full(scan, top)) [[unlikely]]
      [[clang::musttail]] return make_room(scan, at, top, base, stop);
    At after = at + 1;
    std::int64_t number = 0;
    if (!read_signed(after, number)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    *top = {.number = number, .kind = Value::Kind::constant, .is_i64 = is_i64};
    scan.body_->marks |= mark_of_constant(number);
    if (scan.input_.is_worth_keeping(top->as_unsigned())) [[clang::musttail]]
      return constant_in_window(scan, after, top + 1, base, stop);
    [[clang::musttail]] return next(scan, after, top + 1, base, stop);
  }
  /// After a constant that is worth keeping.
  [[gnu::noinline]] static void constant_in_window(Scan scan, At at, Value* top, Value* base, At stop) {
    scan.body_->constants.push_back(top[-1].as_unsigned());
    [[clang::musttail]] return next(scan, at, top, base, stop);
  }
  template <int bytes>
  static void float_constant(Scan scan, At at, Value* top, Value* base, At stop) {
    if (is_full(scan, top)) [[unlikely]]
      [[clang::musttail]] return make_room(scan, at, top, base, stop);
    *top = kUnknown;
    [[clang::musttail]] return next(scan, at + 1 + bytes, top + 1, base, stop);
  }

  /// Gives an unknown value for `operands` others.
  template <int operands, How how>
  static void compute(Scan scan, At at, Value* top, Value* base, At stop) {
    if (top - base < operands) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    if constexpr (how == How::check_unary || how == How::check_binary) {
      if (!scan.body_->grows.empty()) [[clang::musttail]]
        return leave(scan, at, top, base, stop);
    }
    if constexpr (how == How::unary || how == How::binary) {
      for (int i = 1; i <= operands; ++i) note_address(scan, top[-i]);
    }
    top[-operands] = kUnknown;
    [[clang::musttail]] return next(scan, at + 1, top - operands + 1, base, stop);
  }

  /// Arithmetic that an unknown operand is not followed through; a constant may be, beside a constant, or as a mask.
  template <bool mask>
  static void arithmetic(Scan scan, At at, Value* top, Value* base, At stop) {
    if (top - base < 2) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    const Value::Kind left = top[-2].kind, right = top[-1].kind;
    constexpr Value::Kind kConstant = Value::Kind::constant;
    const bool gives_unknown = std::max(left, right) <= kConstant && std::min(left, right) < kConstant;
    if (!gives_unknown || (mask && right == kConstant)) [[clang::musttail]]
      return known_arithmetic(scan, at, top, base, stop);
    top[-2] = kUnknown;
    [[clang::musttail]] return next(scan, at + 1, top - 1, base, stop);
  }
  [[gnu::noinline]] static void known_arithmetic(Scan scan, At at, Value* top, Value* /*base*/, At stop) {
    const auto [new_top, new_base] = scan.hand_on<&BodyScanner::arithmetic>(at, top, 0);
    [[clang::musttail]] return next(scan, at + 1, new_top, new_base, stop);
  }

  static void multiply_or_shift(Scan scan, At at, Value* top, Value* base, At stop) {
    if (top - base < 2) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    top[-2] = product(top[-1], *at);
    [[clang::musttail]] return next(scan, at + 1, top - 1, base, stop);
  }
  static void select(Scan scan, At at, Value* top, Value* base, At stop) {
    if (top - base < 3 || std::max(top[-2].kind, top[-3].kind) > Value::Kind::global) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    top[-3] = kUnknown;
    [[clang::musttail]] return next(scan, at + 1, top - 2, base, stop);
  }
  static void drop(Scan scan, At at, Value* top, Value* base, At stop) {
    if (top - base < 1 || top[-1].kind == Value::Kind::grow_result) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    [[clang::musttail]] return next(scan, at + 1, top - 1, base, stop);
  }

  static void global_get(Scan scan, At at, Value* top, Value* base, At stop) {
    if (is_full(scan, top)) [[unlikely]]
      [[clang::musttail]] return make_room(scan, at, top, base, stop);
    At after = at + 1;
    std::uint32_t index = 0;
    if (!read_index(after, index)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    *top = index == scan.input_.stack_pointer ? pointer_value(scan.state_.pointer)
                                              : Value{.index = index, .kind = Value::Kind::global};
    [[clang::musttail]] return next(scan, after, top + 1, base, stop);
  }

  /// What takes an index and `operands`, and looks at more than these.
  template <auto follow, int operands>
  static void with_index(Scan scan, At at, Value* top, Value* base, At stop) {
    At after = at + 1;
    std::uint32_t index = 0;
    if (top - base < operands || !read_index(after, index)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    const auto [new_top, new_base] = scan.hand_on<follow>(at, top, index);
    [[clang::musttail]] return next(scan, after, new_top, new_base, stop);
  }
  static void call_indirect(Scan scan, At at, Value* top, Value* base, At stop) {
    At after = at + 1;
    std::uint32_t type = 0;
    if (!read_index(after, type) || *after >= 0x80) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    scan.common_.index2 = *after++;
    const auto [new_top, new_base] = scan.hand_on<&BodyScanner::call_indirect>(at, top, type);
    [[clang::musttail]] return next(scan, after, new_top, new_base, stop);
  }

  /// One with a type of one byte that is no type index and that no heap type follows.
  static void block(Scan scan, At at, Value* top, Value* base, At stop) {
    const std::uint8_t type = at[1];
    if (type < 0x40 || type >= 0x80 || type == 0x63 || type == 0x64) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    scan.common_.constant = std::int64_t{type} - 0x80;
    const auto [new_top, new_base] = scan.hand_on<&BodyScanner::open_block>(at, top, 0);
    [[clang::musttail]] return next(scan, at + 2, new_top, new_base, stop);
  }
  static void end(Scan scan, At at, Value* top, Value* /*base*/, At stop) {
    const auto [new_top, new_base] = scan.hand_on<&BodyScanner::close_block>(at, top, 0);
    [[clang::musttail]] return next_on_path(scan, at + 1, new_top, new_base, stop);
  }
  static void path_end(Scan scan, At at, Value* top, Value* base, At stop) {
    At after = at + 1;
    std::uint32_t label = 0;
    if (*at == op::kBr && !read_index(after, label)) [[unlikely]]
      [[clang::musttail]] return leave(scan, at, top, base, stop);
    const auto [new_top, new_base] = scan.hand_on<&BodyScanner::control>(at, top, label);
    [[clang::musttail]] return next_on_path(scan, after, new_top, new_base, stop);
  }

  static constexpr Follow follow(How how) {
    switch (how) {
      case How::rare: return leave;
      case How::local_get: return local_get;
      case How::local_set: return local_set<1>;
      case How::local_tee: return local_set<0>;
      case How::load: return load;
      case How::store: return store;
      case How::i32_const: return constant<false>;
      case How::i64_const: return constant<true>;
      case How::f32_const: return float_constant<4>;
      case How::f64_const: return float_constant<8>;
      case How::unary: return compute<1, How::unary>;
      case How::binary: return compute<2, How::binary>;
      case How::number_unary: return compute<1, How::number_unary>;
      case How::number_binary: return compute<2, How::number_binary>;
      case How::check_unary: return compute<1, How::check_unary>;
      case How::check_binary: return compute<2, How::check_binary>;
      case How::add_or_sub: return arithmetic<false>;
      case How::mask: return arithmetic<true>;
      case How::multiply_or_shift: return multiply_or_shift;
      case How::select: return select;
      case How::drop: return drop;
      case How::global_get: return global_get;
      case How::global_set: return with_index<&BodyScanner::set_global, 1>;
      case How::block: return block;
      case How::branch_if: return with_index<&BodyScanner::branch_if, 0>;
      case How::call: return with_index<&BodyScanner::call, 0>;
      case How::call_indirect: return call_indirect;
      case How::end: return end;
      case How::path_end: return path_end;
    }
    return leave;
  }
};

constexpr std::array<CommonInstructions::Follow, 256> CommonInstructions::by_code = [] {
  std::array<Follow, 256> table{};
  for (std::size_t code = 0; code < table.size(); ++code) table[code] = follow(kCommon[code]);
  return table;
}();

void BodyScanner::follow_common(ByteCursor& cursor) {
  if (blocks_.empty() || cursor.failed()) return;
  const std::uint8_t* const at = file_.data() + cursor.position();
  const std::uint8_t* const end = file_.data() + cursor.end();
  end_ = cursor.end();
  const auto [top, base] = registers();
  CommonInstructions::next_on_path(*this, at, top, base, end - std::min<std::ptrdiff_t>(end - at, kLongest));
  cursor.skip(left_at_ - cursor.position(), "");
}

}  // namespace wml
