#pragma once

#include <array>
#include <cstdint>

/// The instructions that Binaryen 132 reads, as far as a scan must know them: what follows the opcode, and what the
/// instruction does to the operand stack. Sources: core specification, 5.4 "Instructions", and the binary formats of
/// the proposals: threads, relaxed SIMD, exceptions (legacy and exnref), GC, stack switching, wide arithmetic, FP16,
/// strings, custom descriptors, shared-everything threads.
namespace wml {

/// What follows an opcode in the binary format. "index" is an unsigned LEB128 of 32 bits.
enum class Immediate : std::uint8_t {
  unknown_opcode,
  none,
  index,
  two_indices,
  block_type,
  br_table,
  select_types,
  try_table,
  memory_argument,
  memory_argument_lane,
  const_i32,
  const_i64,
  bytes_1,
  bytes_4,
  bytes_8,
  bytes_16,
  heap_type,
  br_on_cast,
  order_index,
  order_two_indices,
  resume,        ///< type, handlers
  resume_throw,  ///< type, tag, handlers
  prefix,        ///< a second opcode follows
};

/// What an instruction does to the operand stack, where the scan can use it. `forget` is always sound: nothing is
/// known of the stack afterwards.
enum class StackEffect : std::uint8_t {
  forget,
  nothing,
  push,     ///< 0 -> 1
  unary,    ///< 1 -> 1
  binary,   ///< 2 -> 1
  ternary,  ///< 3 -> 1
  pop,      ///< 1 -> 0
  pop2,     ///< 2 -> 0
};

struct Opcode {
  Immediate immediate = Immediate::unknown_opcode;
  StackEffect effect = StackEffect::forget;
};

/// One-byte opcodes that the scan gives a meaning to.
namespace op {
inline constexpr std::uint8_t kUnreachable = 0x00, kBlock = 0x02, kLoop = 0x03, kIf = 0x04, kElse = 0x05, kTry = 0x06,
                              kCatch = 0x07, kEnd = 0x0b, kBr = 0x0c, kBrIf = 0x0d, kBrTable = 0x0e, kReturn = 0x0f,
                              kCall = 0x10, kCallIndirect = 0x11, kReturnCall = 0x12, kReturnCallIndirect = 0x13,
                              kCallRef = 0x14, kReturnCallRef = 0x15, kDelegate = 0x18, kCatchAll = 0x19, kDrop = 0x1a,
                              kSelect = 0x1b, kSelectTyped = 0x1c, kTryTable = 0x1f, kLocalGet = 0x20, kLocalSet = 0x21,
                              kLocalTee = 0x22, kGlobalGet = 0x23, kGlobalSet = 0x24, kTableGet = 0x25,
                              kTableSet = 0x26, kFirstLoad = 0x28, kLastLoad = 0x35, kFirstStore = 0x36,
                              kLastStore = 0x3e, kMemorySize = 0x3f, kMemoryGrow = 0x40, kI32Const = 0x41,
                              kI64Const = 0x42, kF32Const = 0x43, kF64Const = 0x44, kI32Eqz = 0x45, kI32Eq = 0x46,
                              kI32Ne = 0x47, kI32LtS = 0x48, kI32GtS = 0x4a, kI32LeS = 0x4c, kI32GeS = 0x4e,
                              kI64Eq = 0x51, kI64Ne = 0x52, kI64LtS = 0x53, kI64GtS = 0x55, kI64LeS = 0x57,
                              kI64GeS = 0x59, kI32Clz = 0x67, kI32Add = 0x6a, kI32Sub = 0x6b, kI32Mul = 0x6c,
                              kI32And = 0x71, kI32Shl = 0x74, kI64Add = 0x7c, kI64Sub = 0x7d, kI64Mul = 0x7e,
                              kI64And = 0x83, kI64Shl = 0x86, kI32WrapI64 = 0xa7, kI64ExtendU = 0xad, kRefFunc = 0xd2,
                              kGcPrefix = 0xfb, kMiscPrefix = 0xfc, kSimdPrefix = 0xfd, kAtomicPrefix = 0xfe;
/// Second opcodes after 0xfc.
inline constexpr std::uint32_t kMemoryInit = 0x08, kDataDrop = 0x09, kMemoryCopy = 0x0a, kMemoryFill = 0x0b,
                               kTableInit = 0x0c, kTableCopy = 0x0e, kTableGrow = 0x0f, kTableFill = 0x11;
/// Second opcodes after 0xfb.
inline constexpr std::uint32_t kArrayNewElem = 0x0a, kArrayInitElem = 0x13;
}  // namespace op

/// The instructions of one-byte opcodes; `Immediate::prefix` for the four prefixes.
extern const std::array<Opcode, 256> one_byte_opcodes;

/// The instruction of a prefix and the second opcode after it.
Opcode prefixed_opcode(std::uint8_t prefix, std::uint32_t code);

}  // namespace wml
