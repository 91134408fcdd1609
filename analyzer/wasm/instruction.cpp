#include "analyzer/wasm/instruction.h"

#include <fmt/format.h>

namespace wml {
namespace {

// Bytes that stand before a heap type: exact (custom descriptors), shared.
constexpr std::int64_t kExactPrefix = -0x1e, kSharedPrefix = -0x1b;

void read_heap_type(ByteCursor& cursor) {
  std::int64_t type = cursor.s33("a heap type");
  while (type == kExactPrefix || type == kSharedPrefix) type = cursor.s33("a heap type");
}

/// A block type is empty, a value type, or a type index: all start with a signed 33-bit number.
void read_block_type(ByteCursor& cursor, Instruction& out) {
  out.constant = cursor.s33("a block type");
  if (out.constant == -0x1d || out.constant == -0x1c) read_heap_type(cursor);
}

void read_handlers(ByteCursor& cursor, Instruction& out) {
  const std::uint32_t count = cursor.u32("a number of handlers");
  for (std::uint32_t i = 0; i < count && !cursor.failed(); ++i) {
    const std::uint8_t kind = cursor.byte("a handler");
    cursor.u32("a tag index");
    if (kind == 0) out.labels.push_back(cursor.u32("a label"));
  }
}

void read_catches(ByteCursor& cursor, Instruction& out) {
  read_block_type(cursor, out);
  const std::uint32_t count = cursor.u32("a number of catch clauses");
  for (std::uint32_t i = 0; i < count && !cursor.failed(); ++i) {
    const std::uint8_t kind = cursor.byte("a catch clause");
    if (kind < 2) cursor.u32("a tag index");  // catch, catch_ref; the others catch all
    out.catches_all |= kind >= 2;
    out.labels.push_back(cursor.u32("a label"));
  }
}

}  // namespace

void skip_value_type(ByteCursor& cursor) {
  const std::int64_t type = cursor.s33("a value type");
  if (type == -0x1d || type == -0x1c) read_heap_type(cursor);  // (ref null ht), (ref ht)
}

void skip_locals(ByteCursor& cursor) {
  const std::uint32_t groups = cursor.u32("local groups");
  for (std::uint32_t i = 0; i < groups && !cursor.failed(); ++i) {
    cursor.u32("a number of locals");
    skip_value_type(cursor);
  }
}

// NOLINTNEXTLINE(readability-function-size): one flat switch
void read_rare_immediate(ByteCursor& cursor, Immediate immediate, Instruction& out) {
  switch (immediate) {
    case Immediate::unknown_opcode:
    case Immediate::prefix:
      cursor.fail(out.file_offset, fmt::format("unknown opcode 0x{:02x} 0x{:02x}", out.code, out.second));
      break;
    case Immediate::none: break;
    case Immediate::index: out.index = cursor.u32("an index"); break;
    case Immediate::two_indices:
      out.index = cursor.u32("an index");
      out.index2 = cursor.u32("a second index");
      break;
    case Immediate::block_type: read_block_type(cursor, out); break;
    case Immediate::br_table: {
      const std::uint32_t count = cursor.u32("a number of labels");
      for (std::uint32_t i = 0; i <= count && !cursor.failed(); ++i) out.labels.push_back(cursor.u32("a label"));
      break;
    }
    case Immediate::select_types: {
      const std::uint32_t count = cursor.u32("a number of types");
      for (std::uint32_t i = 0; i < count && !cursor.failed(); ++i) skip_value_type(cursor);
      break;
    }
    case Immediate::try_table: read_catches(cursor, out); break;
    case Immediate::memory_argument: read_memory_argument(cursor, out); break;
    case Immediate::memory_argument_lane:
      read_memory_argument(cursor, out);
      cursor.skip(1, "a lane");
      break;
    case Immediate::const_i32: out.constant = cursor.s32("an i32 constant"); break;
    case Immediate::const_i64: out.constant = cursor.s64("an i64 constant"); break;
    case Immediate::bytes_1: cursor.skip(1, "an immediate byte"); break;
    case Immediate::bytes_4: cursor.skip(4, "an f32 constant"); break;
    case Immediate::bytes_8: cursor.skip(8, "an f64 constant"); break;
    case Immediate::bytes_16: cursor.skip(16, "a v128 immediate"); break;
    case Immediate::heap_type: read_heap_type(cursor); break;
    case Immediate::br_on_cast:
      cursor.skip(1, "cast flags");
      out.index = cursor.u32("a label");
      read_heap_type(cursor);
      read_heap_type(cursor);
      break;
    case Immediate::order_index:
      cursor.skip(1, "a memory order");
      out.index = cursor.u32("a type index");
      break;
    case Immediate::order_two_indices:
      cursor.skip(1, "a memory order");
      out.index = cursor.u32("a type index");
      out.index2 = cursor.u32("a field index");
      break;
    case Immediate::resume:
      out.index = cursor.u32("a type index");
      read_handlers(cursor, out);
      break;
    case Immediate::resume_throw:
      out.index = cursor.u32("a type index");
      out.index2 = cursor.u32("a tag index");
      read_handlers(cursor, out);
      break;
  }
}

}  // namespace wml
