#include "analyzer/wasm/opcodes.h"

namespace wml {
namespace {

using I = Immediate;
using E = StackEffect;

template <std::size_t N>
constexpr void set_range(std::array<Opcode, N>& table, std::size_t first, std::size_t last, I immediate, E effect) {
  for (std::size_t code = first; code <= last; ++code) table[code] = {immediate, effect};
}

constexpr std::array<Opcode, 256> make_one_byte() noexcept {  // NOLINT(readability-function-size): a table
  std::array<Opcode, 256> t{};
  set_range(t, 0x00, 0x00, I::none, E::forget);        // unreachable
  set_range(t, 0x01, 0x01, I::none, E::nothing);       // nop
  set_range(t, 0x02, 0x03, I::block_type, E::forget);  // block, loop
  set_range(t, 0x04, 0x04, I::block_type, E::forget);  // if
  set_range(t, 0x05, 0x05, I::none, E::forget);        // else
  set_range(t, 0x06, 0x06, I::block_type, E::forget);  // try
  set_range(t, 0x07, 0x09, I::index, E::forget);       // catch, throw, rethrow
  set_range(t, 0x0a, 0x0b, I::none, E::forget);        // throw_ref, end
  set_range(t, 0x0c, 0x0c, I::index, E::forget);       // br
  set_range(t, 0x0d, 0x0d, I::index, E::pop);          // br_if
  set_range(t, 0x0e, 0x0e, I::br_table, E::forget);
  set_range(t, 0x0f, 0x0f, I::none, E::forget);         // return
  set_range(t, 0x10, 0x10, I::index, E::forget);        // call
  set_range(t, 0x11, 0x11, I::two_indices, E::forget);  // call_indirect
  set_range(t, 0x12, 0x12, I::index, E::forget);        // return_call
  set_range(t, 0x13, 0x13, I::two_indices, E::forget);  // return_call_indirect
  set_range(t, 0x14, 0x15, I::index, E::forget);        // call_ref, return_call_ref
  set_range(t, 0x18, 0x18, I::index, E::forget);        // delegate
  set_range(t, 0x19, 0x19, I::none, E::forget);         // catch_all
  set_range(t, 0x1a, 0x1a, I::none, E::pop);            // drop
  set_range(t, 0x1b, 0x1b, I::none, E::ternary);        // select
  set_range(t, 0x1c, 0x1c, I::select_types, E::ternary);
  set_range(t, 0x1f, 0x1f, I::try_table, E::forget);
  set_range(t, 0x20, 0x20, I::index, E::push);             // local.get
  set_range(t, 0x21, 0x21, I::index, E::pop);              // local.set
  set_range(t, 0x22, 0x22, I::index, E::unary);            // local.tee
  set_range(t, 0x23, 0x23, I::index, E::push);             // global.get
  set_range(t, 0x24, 0x24, I::index, E::pop);              // global.set
  set_range(t, 0x25, 0x25, I::index, E::unary);            // table.get
  set_range(t, 0x26, 0x26, I::index, E::pop2);             // table.set
  set_range(t, 0x28, 0x35, I::memory_argument, E::unary);  // loads
  set_range(t, 0x36, 0x3e, I::memory_argument, E::pop2);   // stores
  set_range(t, 0x3f, 0x3f, I::index, E::push);             // memory.size
  set_range(t, 0x40, 0x40, I::index, E::unary);            // memory.grow
  set_range(t, 0x41, 0x41, I::const_i32, E::push);
  set_range(t, 0x42, 0x42, I::const_i64, E::push);
  set_range(t, 0x43, 0x43, I::bytes_4, E::push);        // f32.const
  set_range(t, 0x44, 0x44, I::bytes_8, E::push);        // f64.const
  set_range(t, 0x45, 0x45, I::none, E::unary);          // i32.eqz
  set_range(t, 0x46, 0x4f, I::none, E::binary);         // i32 comparisons
  set_range(t, 0x50, 0x50, I::none, E::unary);          // i64.eqz
  set_range(t, 0x51, 0x66, I::none, E::binary);         // i64, f32, f64 comparisons
  set_range(t, 0x67, 0x69, I::none, E::unary);          // i32.clz, ctz, popcnt
  set_range(t, 0x6a, 0x78, I::none, E::binary);         // i32 arithmetic
  set_range(t, 0x79, 0x7b, I::none, E::unary);          // i64.clz, ctz, popcnt
  set_range(t, 0x7c, 0x8a, I::none, E::binary);         // i64 arithmetic
  set_range(t, 0x8b, 0x91, I::none, E::unary);          // f32.abs .. sqrt
  set_range(t, 0x92, 0x98, I::none, E::binary);         // f32.add .. copysign
  set_range(t, 0x99, 0x9f, I::none, E::unary);          // f64.abs .. sqrt
  set_range(t, 0xa0, 0xa6, I::none, E::binary);         // f64.add .. copysign
  set_range(t, 0xa7, 0xc4, I::none, E::unary);          // conversions, sign extension
  set_range(t, 0xd0, 0xd0, I::heap_type, E::push);      // ref.null
  set_range(t, 0xd1, 0xd1, I::none, E::unary);          // ref.is_null
  set_range(t, 0xd2, 0xd2, I::index, E::push);          // ref.func
  set_range(t, 0xd3, 0xd3, I::none, E::binary);         // ref.eq
  set_range(t, 0xd4, 0xd4, I::none, E::unary);          // ref.as_non_null
  set_range(t, 0xd5, 0xd6, I::index, E::forget);        // br_on_null, br_on_non_null
  set_range(t, 0xe0, 0xe0, I::index, E::forget);        // cont.new
  set_range(t, 0xe1, 0xe1, I::two_indices, E::forget);  // cont.bind
  set_range(t, 0xe2, 0xe2, I::index, E::forget);        // suspend
  set_range(t, 0xe3, 0xe3, I::resume, E::forget);
  set_range(t, 0xe4, 0xe4, I::resume_throw, E::forget);
  set_range(t, 0xe5, 0xe5, I::resume, E::forget);       // resume_throw_ref
  set_range(t, 0xe6, 0xe6, I::two_indices, E::forget);  // switch
  set_range(t, 0xfb, 0xfe, I::prefix, E::forget);
  return t;
}

constexpr std::array<Opcode, 0xb7> make_gc() {
  std::array<Opcode, 0xb7> t{};
  set_range(t, 0x00, 0x01, I::index, E::forget);        // struct.new, struct.new_default
  set_range(t, 0x02, 0x04, I::two_indices, E::unary);   // struct.get*
  set_range(t, 0x05, 0x05, I::two_indices, E::pop2);    // struct.set
  set_range(t, 0x06, 0x07, I::index, E::forget);        // array.new, array.new_default
  set_range(t, 0x08, 0x0a, I::two_indices, E::forget);  // array.new_fixed, _data, _elem
  set_range(t, 0x0b, 0x0d, I::index, E::binary);        // array.get*
  set_range(t, 0x0e, 0x0e, I::index, E::forget);        // array.set
  set_range(t, 0x0f, 0x0f, I::none, E::unary);          // array.len
  set_range(t, 0x10, 0x10, I::index, E::forget);        // array.fill
  set_range(t, 0x11, 0x13, I::two_indices, E::forget);  // array.copy, init_data, init_elem
  set_range(t, 0x14, 0x17, I::heap_type, E::unary);     // ref.test, ref.cast
  set_range(t, 0x18, 0x19, I::br_on_cast, E::forget);
  set_range(t, 0x1a, 0x1b, I::none, E::unary);         // any.convert_extern, extern.convert_any
  set_range(t, 0x1c, 0x1f, I::none, E::unary);         // ref.i31, i31.get*, ref.i31_shared
  set_range(t, 0x20, 0x21, I::index, E::forget);       // struct.new_desc*
  set_range(t, 0x22, 0x22, I::index, E::unary);        // ref.get_desc
  set_range(t, 0x23, 0x24, I::heap_type, E::binary);   // ref.cast_desc_eq*
  set_range(t, 0x25, 0x26, I::br_on_cast, E::forget);  // br_on_cast_desc_eq*
  set_range(t, 0x82, 0x82, I::index, E::push);         // string.const
  for (const unsigned code : {0x83U, 0x85U, 0x88U, 0x89U, 0x8aU, 0x8bU, 0x98U, 0x9aU, 0x9cU, 0xa8U, 0xa9U, 0xaaU, 0xb1U,
                              0xb3U, 0xb4U, 0xb6U}) {
    t[code] = {I::none, E::forget};  // the other string instructions
  }
  return t;
}

constexpr std::array<Opcode, 0x17> make_misc() {
  std::array<Opcode, 0x17> t{};
  set_range(t, 0x00, 0x07, I::none, E::unary);          // trunc_sat
  set_range(t, 0x08, 0x08, I::two_indices, E::forget);  // memory.init
  set_range(t, 0x09, 0x09, I::index, E::nothing);       // data.drop
  set_range(t, 0x0a, 0x0a, I::two_indices, E::forget);  // memory.copy
  set_range(t, 0x0b, 0x0b, I::index, E::forget);        // memory.fill
  set_range(t, 0x0c, 0x0c, I::two_indices, E::forget);  // table.init
  set_range(t, 0x0d, 0x0d, I::index, E::nothing);       // elem.drop
  set_range(t, 0x0e, 0x0e, I::two_indices, E::forget);  // table.copy
  set_range(t, 0x0f, 0x0f, I::index, E::binary);        // table.grow
  set_range(t, 0x10, 0x10, I::index, E::push);          // table.size
  set_range(t, 0x11, 0x11, I::index, E::forget);        // table.fill
  set_range(t, 0x13, 0x16, I::none, E::forget);         // wide arithmetic
  return t;
}

constexpr std::array<Opcode, 0x150> make_simd() {
  std::array<Opcode, 0x150> t{};
  set_range(t, 0x00, 0x0a, I::memory_argument, E::unary);  // v128.load*
  set_range(t, 0x0b, 0x0b, I::memory_argument, E::pop2);   // v128.store
  set_range(t, 0x0c, 0x0c, I::bytes_16, E::push);          // v128.const
  set_range(t, 0x0d, 0x0d, I::bytes_16, E::binary);        // i8x16.shuffle
  set_range(t, 0x0e, 0x0e, I::none, E::binary);            // i8x16.swizzle
  set_range(t, 0x0f, 0x14, I::none, E::unary);             // splats
  set_range(t, 0x15, 0x22, I::bytes_1, E::unary);          // extract_lane
  for (const unsigned replace : {0x17U, 0x1aU, 0x1cU, 0x1eU, 0x20U, 0x22U}) t[replace].effect = E::binary;
  set_range(t, 0x23, 0x51, I::none, E::binary);                  // comparisons, bitwise
  set_range(t, 0x4d, 0x4d, I::none, E::unary);                   // v128.not
  set_range(t, 0x52, 0x52, I::none, E::ternary);                 // v128.bitselect
  set_range(t, 0x53, 0x53, I::none, E::unary);                   // v128.any_true
  set_range(t, 0x54, 0x57, I::memory_argument_lane, E::binary);  // v128.loadN_lane
  set_range(t, 0x58, 0x5b, I::memory_argument_lane, E::pop2);    // v128.storeN_lane
  set_range(t, 0x5c, 0x5d, I::memory_argument, E::unary);        // v128.loadN_zero
  set_range(t, 0x5e, 0xff, I::none, E::binary);                  // arithmetic
  // Conversions, abs, neg, sqrt, rounding, popcnt, all_true, bitmask, extend; the unused codes between them go below.
  constexpr unsigned kUnary[][2] = {{0x5e, 0x64}, {0x67, 0x6a}, {0x74, 0x75}, {0x7a, 0x7a}, {0x7c, 0x81},
                                    {0x83, 0x84}, {0x87, 0x8a}, {0x94, 0x94}, {0xa0, 0xa4}, {0xa7, 0xaa},
                                    {0xc0, 0xc4}, {0xc7, 0xca}, {0xe0, 0xe3}, {0xec, 0xef}, {0xf8, 0xff}};
  for (const auto& range : kUnary) set_range(t, range[0], range[1], I::none, E::unary);
  set_range(t, 0x100, 0x113, I::none, E::binary);     // relaxed SIMD
  set_range(t, 0x101, 0x104, I::none, E::unary);      // its truncations
  set_range(t, 0x105, 0x10c, I::none, E::ternary);    // madd, nmadd, laneselect
  t[0x113].effect = E::ternary;                       // dot_add
  set_range(t, 0x120, 0x120, I::none, E::unary);      // f16x8.splat
  set_range(t, 0x121, 0x122, I::bytes_1, E::forget);  // f16x8 lanes
  set_range(t, 0x130, 0x14f, I::none, E::forget);     // f16x8 arithmetic
  for (const unsigned unused : {0x9aU, 0xa2U, 0xa5U, 0xa6U, 0xafU, 0xb0U, 0xb2U, 0xb3U, 0xb4U, 0xbbU,  0xc2U,
                                0xc5U, 0xc6U, 0xcfU, 0xd0U, 0xd2U, 0xd3U, 0xd4U, 0xe2U, 0xeeU, 0x14cU, 0x14dU}) {
    t[unused] = {};
  }
  return t;
}

constexpr std::array<Opcode, 0x72> make_atomic() {
  std::array<Opcode, 0x72> t{};
  set_range(t, 0x00, 0x00, I::memory_argument, E::binary);    // memory.atomic.notify
  set_range(t, 0x01, 0x02, I::memory_argument, E::ternary);   // memory.atomic.wait
  set_range(t, 0x03, 0x03, I::bytes_1, E::nothing);           // atomic.fence
  set_range(t, 0x04, 0x04, I::none, E::nothing);              // pause
  set_range(t, 0x05, 0x05, I::two_indices, E::forget);        // struct.wait
  set_range(t, 0x06, 0x07, I::none, E::forget);               // waitqueue.*
  set_range(t, 0x10, 0x16, I::memory_argument, E::unary);     // loads
  set_range(t, 0x17, 0x1d, I::memory_argument, E::pop2);      // stores
  set_range(t, 0x1e, 0x47, I::memory_argument, E::binary);    // read-modify-write
  set_range(t, 0x48, 0x4e, I::memory_argument, E::ternary);   // compare-exchange
  set_range(t, 0x5c, 0x66, I::order_two_indices, E::forget);  // struct.atomic.*
  set_range(t, 0x67, 0x71, I::order_index, E::forget);        // array.atomic.*
  return t;
}

constexpr auto kGc = make_gc();
constexpr auto kMisc = make_misc();
constexpr auto kSimd = make_simd();
constexpr auto kAtomic = make_atomic();

template <std::size_t N>
Opcode look_up(const std::array<Opcode, N>& table, std::uint32_t code) {
  return code < N ? table[code] : Opcode{};
}

// FP16 loads and stores sit among the numeric instructions of the 0xfc prefix.
constexpr std::uint32_t kF32LoadF16 = 0x30, kF32StoreF16 = 0x31;

}  // namespace

constinit const std::array<Opcode, 256> one_byte_opcodes = make_one_byte();

Opcode prefixed_opcode(std::uint8_t prefix, std::uint32_t code) {
  switch (prefix) {
    case op::kGcPrefix: return look_up(kGc, code);
    case op::kMiscPrefix:
      if (code == kF32LoadF16) return {I::memory_argument, E::unary};
      if (code == kF32StoreF16) return {I::memory_argument, E::pop2};
      return look_up(kMisc, code);
    case op::kSimdPrefix: return look_up(kSimd, code);
    case op::kAtomicPrefix: return look_up(kAtomic, code);
    default: return {};
  }
}

}  // namespace wml
