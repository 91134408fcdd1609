#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/wasm/byte_cursor.h"
#include "analyzer/wasm/opcodes.h"

namespace wml {

/// One decoded instruction. Fields that its opcode does not have are 0.
struct Instruction {
  std::uint64_t file_offset = 0;
  std::uint8_t code = 0;     ///< first opcode byte
  std::uint32_t second = 0;  ///< second opcode, after a prefix
  StackEffect effect = StackEffect::forget;
  std::uint32_t index = 0;    ///< first index: local, global, function, type, label, memory, segment
  std::uint32_t index2 = 0;   ///< second index: table of call_indirect, memory of memory.init
  std::int64_t constant = 0;  ///< of i32.const (sign-extended) and i64.const; of a block: kEmptyBlock, a type index, or
                              ///< another negative number for one result
  std::uint32_t memory = 0;   ///< of a load or store
  std::uint64_t offset = 0;   ///< of a load or store
  bool is_array_access = false;  ///< a load or store in an array of the engine's heap, not in memory
  bool catches_all = false;      ///< of a try_table

  std::vector<std::uint32_t> labels;  ///< where br_table, a try_table's clauses or a resume's handlers go

  static constexpr std::int64_t kEmptyBlock = -64;

  bool is(std::uint8_t one_byte) const { return code == one_byte; }
  bool is_misc(std::uint32_t misc) const { return code == op::kMiscPrefix && second == misc; }
};

/// Reads past a value type: one byte, or a reference's lead byte and a heap type with its prefixes.
void skip_value_type(ByteCursor& cursor);

/// Reads past the locals that a body begins with.
void skip_locals(ByteCursor& cursor);

/// Decodes the argument of a load or store.
inline void read_memory_argument(ByteCursor& cursor, Instruction& out) {
  // Bits of the alignment field (shared-everything-threads, multibyte array access, multi-memory).
  constexpr std::uint32_t kHasOrder = 1 << 4, kArrayBacked = 1 << 5, kHasMemoryIndex = 1 << 6;
  const std::uint32_t flags = cursor.u32("a memory argument");
  if ((flags & kHasMemoryIndex) != 0) out.memory = cursor.u32("a memory index");
  if ((flags & kHasOrder) != 0) cursor.byte("a memory order");
  out.offset = cursor.u64("a memory offset");
  out.is_array_access = (flags & kArrayBacked) != 0;
  if (out.is_array_access) out.index = cursor.u32("an array type");
}

/// Decodes what follows an opcode that `read_instruction` does not decode itself.
void read_rare_immediate(ByteCursor& cursor, Immediate immediate, Instruction& out);

/// Decodes the instruction at the cursor. False when the cursor failed: cut short, or an unknown opcode. The scan of
/// bodies spends a quarter of its time here: where it is called, it is put.
[[gnu::always_inline]] inline bool read_instruction(ByteCursor& cursor, Instruction& out) {
  // Field by field: the list of labels keeps its memory.
  out.second = out.index = out.index2 = out.memory = 0;
  out.constant = 0;
  out.offset = 0;
  out.is_array_access = out.catches_all = false;
  if (!out.labels.empty()) out.labels.clear();
  out.file_offset = cursor.position();
  out.code = cursor.byte("an instruction");
  Opcode info = one_byte_opcodes[out.code];
  if (info.immediate == Immediate::prefix) {
    out.second = cursor.u32("an opcode");
    info = prefixed_opcode(out.code, out.second);
  }
  out.effect = info.effect;
  // The two that most instructions have: foreseen more often than a jump to one of many places.
  if (info.immediate == Immediate::none) return !cursor.failed();
  if (info.immediate == Immediate::index) {
    out.index = cursor.u32("an index");
    return !cursor.failed();
  }
  switch (info.immediate) {
    case Immediate::memory_argument: read_memory_argument(cursor, out); break;
    case Immediate::const_i32: out.constant = cursor.s32("an i32 constant"); break;
    case Immediate::const_i64: out.constant = cursor.s64("an i64 constant"); break;
    default: read_rare_immediate(cursor, info.immediate, out); break;
  }
  return !cursor.failed();
}

}  // namespace wml
