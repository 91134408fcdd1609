#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "analyzer/wasm/opcodes.h"

// The instructions that nearly all code is made of, and how they are decoded where the rest need not be.

namespace wml {

/// Instructions that are followed in the same way.
enum class How : std::uint8_t {
  rare,  ///< left to `step`
  local_get,
  local_set,
  local_tee,
  load,
  store,
  i32_const,
  i64_const,
  f32_const,
  f64_const,
  unary,
  binary,
  number_unary,   ///< makes no address of its operand
  number_binary,  ///< the same of two
  check_unary,    ///< a comparison: of interest after a memory.grow
  check_binary,
  add_or_sub,
  mask,
  multiply_or_shift,
  select,
  drop,
  global_get,
  global_set,
  block,
  branch_if,
  call,
  call_indirect,
  end,
  path_end,  ///< else, br, return, unreachable
};

constexpr std::array<How, 256> make_common() {
  std::array<How, 256> table{};
  const auto set = [&table](unsigned from, unsigned to, How how) {
    for (unsigned code = from; code <= to; ++code) table[code] = how;
  };
  set(op::kBlock, op::kIf, How::block);
  set(op::kEnd, op::kEnd, How::end);
  set(op::kElse, op::kElse, How::path_end);
  set(op::kBr, op::kBr, How::path_end);
  set(op::kReturn, op::kReturn, How::path_end);
  set(op::kUnreachable, op::kUnreachable, How::path_end);
  set(op::kBrIf, op::kBrIf, How::branch_if);
  set(op::kCall, op::kCall, How::call);
  set(op::kCallIndirect, op::kCallIndirect, How::call_indirect);
  set(op::kDrop, op::kDrop, How::drop);
  set(op::kSelect, op::kSelect, How::select);
  set(op::kLocalGet, op::kLocalGet, How::local_get);
  set(op::kLocalSet, op::kLocalSet, How::local_set);
  set(op::kLocalTee, op::kLocalTee, How::local_tee);
  set(op::kGlobalGet, op::kGlobalGet, How::global_get);
  set(op::kGlobalSet, op::kGlobalSet, How::global_set);
  set(op::kFirstLoad, op::kLastLoad, How::load);
  set(op::kFirstStore, op::kLastStore, How::store);
  set(op::kI32Const, op::kI32Const, How::i32_const);
  set(op::kI64Const, op::kI64Const, How::i64_const);
  set(op::kF32Const, op::kF32Const, How::f32_const);
  set(op::kF64Const, op::kF64Const, How::f64_const);
  set(op::kI32Eqz, op::kI32Eqz, How::check_unary);
  set(0x50, 0x50, How::check_unary);
  set(op::kI32Eq, 0x4f, How::check_binary);
  set(op::kI64Eq, 0x5a, How::check_binary);
  set(0x5b, 0x66, How::binary);         // comparisons of f32 and f64
  set(0x68, 0x69, How::number_unary);   // i32.ctz, popcnt
  set(0x6d, 0x70, How::number_binary);  // i32.div_s to rem_u
  set(0x72, 0x73, How::binary);         // i32.or, xor
  set(0x75, 0x76, How::number_binary);  // i32.shr_s, shr_u
  set(0x77, 0x78, How::binary);         // i32.rotl, rotr
  set(0x79, 0x7b, How::number_unary);   // the same of i64
  set(0x7f, 0x82, How::number_binary);
  set(0x84, 0x85, How::binary);
  set(0x87, 0x88, How::number_binary);
  set(0x89, 0x8a, How::binary);
  set(0x8b, 0x91, How::unary);   // f32.abs to sqrt
  set(0x92, 0x98, How::binary);  // f32.add to copysign
  set(0x99, 0x9f, How::unary);   // f64.abs to sqrt
  set(0xa0, 0xa6, How::binary);  // f64.add to copysign
  set(0xa7, 0xc4, How::unary);   // conversions, sign extension
  set(op::kI32Add, op::kI32Add, How::add_or_sub);
  set(op::kI32Sub, op::kI32Sub, How::add_or_sub);
  set(op::kI64Add, op::kI64Add, How::add_or_sub);
  set(op::kI64Sub, op::kI64Sub, How::add_or_sub);
  set(op::kI32And, op::kI32And, How::mask);
  set(op::kI64And, op::kI64And, How::mask);
  set(op::kI32Mul, op::kI32Mul, How::multiply_or_shift);
  set(op::kI64Mul, op::kI64Mul, How::multiply_or_shift);
  set(op::kI32Shl, op::kI32Shl, How::multiply_or_shift);
  set(op::kI64Shl, op::kI64Shl, How::multiply_or_shift);
  return table;
}
inline constexpr std::array<How, 256> kCommon = make_common();

/// How many LEB128 numbers follow the opcode.
constexpr int numbers_after(std::uint8_t code) {
  switch (kCommon[code]) {
    case How::local_get:
    case How::local_set:
    case How::local_tee:
    case How::i32_const:
    case How::i64_const:
    case How::global_get:
    case How::global_set:
    case How::block:
    case How::branch_if:
    case How::call: return 1;
    case How::load:
    case How::store:
    case How::call_indirect: return 2;
    default: return code == op::kBr ? 1 : 0;
  }
}

/// The longest instruction that is decoded here: f64.const.
inline constexpr std::ptrdiff_t kLongest = 9;

/// An unsigned LEB128 number of 32 bits; false where it is none. (Linkers pad indices to five bytes.)
inline bool read_index(const std::uint8_t*& at, std::uint32_t& value) {
  value = *at++;
  if (value < 0x80) [[likely]]
    return true;
  value &= 0x7fU;
  for (unsigned shift = 7; shift < 28; shift += 7) {
    const std::uint32_t next = *at++;
    value |= (next & 0x7fU) << shift;
    if (next < 0x80) return true;
  }
  value |= std::uint32_t{*at} << 28;
  return *at++ <= 0x0f;
}

/// The argument of a load or store of memory 0; false where more than an alignment and an offset of 32 bits is there.
inline bool read_offset(const std::uint8_t*& at, std::uint32_t& offset) {
  constexpr std::uint8_t kAlignment = 0x0f;
  const std::uint8_t alignment = *at++;
  return alignment <= kAlignment && read_index(at, offset);
}

/// A signed one; false where it is none of 32 bits. (Those of i64.const may have more.)
inline bool read_signed(const std::uint8_t*& at, std::int64_t& value) {
  std::uint32_t bits = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint32_t next = *at++;
    bits |= (next & 0x7fU) << shift;
    if (next >= 0x80) continue;
    // Shifted to the top and back, so that the number's highest bit is its sign.
    value = static_cast<std::int32_t>(bits << (25 - shift)) >> (25 - shift);
    return true;
  }
  bits |= std::uint32_t{*at} << 28;
  value = static_cast<std::int32_t>(bits);
  const std::uint8_t beyond = *at++ & 0xf8;  // bits past the number's width, and the sign bit, which they repeat
  return beyond == 0 || beyond == 0x78;
}

/// Whether the instruction, if it is one that is followed here, ends by `end`.
inline bool fits(const std::uint8_t* at, const std::uint8_t* end) {
  const std::uint8_t code = *at++;
  if (kCommon[code] == How::f32_const) return end - at >= 4;
  if (kCommon[code] == How::f64_const) return end - at >= 8;
  for (int i = numbers_after(code); i > 0; --i) {
    while (at < end && *at >= 0x80) ++at;
    if (at == end) return false;
    ++at;
  }
  return true;
}

}  // namespace wml
