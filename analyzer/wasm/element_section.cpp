#include "analyzer/wasm/element_section.h"

#include <fmt/format.h>

#include "analyzer/wasm/byte_cursor.h"
#include "analyzer/wasm/instruction.h"
#include "analyzer/wasm/type_section.h"

namespace wml {
namespace {

/// Reads a constant expression and adds the functions that it names.
void read_expression(ByteCursor& cursor, std::vector<std::uint32_t>& functions) {
  Instruction instruction;
  while (!cursor.failed()) {
    const std::uint64_t at = cursor.position();
    if (!read_instruction(cursor, instruction)) {
      if (!cursor.failed()) cursor.fail(at, "an instruction that is not known, in a constant expression");
      return;
    }
    if (instruction.is(op::kRefFunc)) functions.push_back(instruction.index);
    if (instruction.is(op::kEnd)) return;
  }
}

std::uint32_t read_count(ByteCursor& cursor) {
  const std::uint64_t at = cursor.position();
  const std::uint32_t count = cursor.u32("the number of elements");
  if (count <= cursor.remaining()) return count;
  cursor.fail(at, fmt::format("{} elements are declared, and {} bytes are left", count, cursor.remaining()));
  return 0;
}

ElementEntry read_element(ByteCursor& cursor) {
  constexpr std::uint32_t kNotActive = 1, kExplicit = 2, kExpressions = 4, kMostFlags = 7;
  const std::uint64_t at = cursor.position();
  const std::uint32_t flags = cursor.u32("an element segment's flags");
  if (flags > kMostFlags) cursor.fail(at, fmt::format("an element segment has the flags {}; expected 0 to 7", flags));
  ElementEntry entry{.active = (flags & kNotActive) == 0};
  if (entry.active) {
    if ((flags & kExplicit) != 0) entry.table = cursor.u32("a table index");
    std::vector<std::uint32_t> ignored;  // an offset names no function
    read_expression(cursor, ignored);
  }
  if ((flags & (kNotActive | kExplicit)) != 0) {
    if ((flags & kExpressions) != 0) {
      skip_value_type(cursor);
    } else {
      cursor.byte("an element kind");
    }
  }
  const std::uint32_t count = read_count(cursor);
  entry.functions.reserve(count);
  for (std::uint32_t i = 0; i < count && !cursor.failed(); ++i) {
    if ((flags & kExpressions) != 0) {
      read_expression(cursor, entry.functions);
    } else {
      entry.functions.push_back(cursor.u32("a function index"));
    }
  }
  return entry;
}

}  // namespace

Result<std::vector<ElementEntry>> read_elements(ByteSpan file, const SectionMap& map) {
  const Section* section = map.find(SectionId::element);
  if (section == nullptr) return std::vector<ElementEntry>{};
  ByteCursor cursor(file, section->begin, section->end);
  cursor.u32("the number of element segments");
  std::vector<ElementEntry> entries;
  for (std::uint32_t i = 0; i < section->count && !cursor.failed(); ++i) entries.push_back(read_element(cursor));
  if (!cursor.failed() && !cursor.at_end())
    cursor.fail(cursor.position(), "the element section goes on after its last segment");
  if (cursor.failed()) return cursor.error();
  return entries;
}

Result<std::vector<std::uint32_t>> functions_of_initial_values(ByteSpan file, const SectionMap& map) {
  std::vector<std::uint32_t> functions;
  if (const Section* globals = map.find(SectionId::global)) {
    ByteCursor cursor(file, globals->begin, globals->end);
    cursor.u32("the number of globals");
    for (std::uint32_t i = 0; i < globals->count && !cursor.failed(); ++i) {
      skip_value_type(cursor);
      cursor.byte("a global's mutability");
      read_expression(cursor, functions);
    }
    if (cursor.failed()) return cursor.error();
  }
  if (const Section* tables = map.find(SectionId::table)) {
    constexpr std::uint8_t kWithInitialValue = 0x40;  // and a byte 0 (function references proposal)
    ByteCursor cursor(file, tables->begin, tables->end);
    cursor.u32("the number of tables");
    for (std::uint32_t i = 0; i < tables->count && !cursor.failed(); ++i) {
      ByteCursor peek = cursor;
      const bool has_value = peek.byte("a table") == kWithInitialValue;
      if (has_value) cursor.skip(2, "a table");
      skip_value_type(cursor);
      skip_limits(cursor);
      if (has_value) read_expression(cursor, functions);
    }
    if (cursor.failed()) return cursor.error();
  }
  return functions;
}

}  // namespace wml
