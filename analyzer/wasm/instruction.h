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

/// Decodes the instruction at the cursor. False when the cursor failed: cut short, or an unknown opcode.
bool read_instruction(ByteCursor& cursor, Instruction& out);

}  // namespace wml
