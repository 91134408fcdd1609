#include "analyzer/wasm/global_section.h"

#include <algorithm>

#include "analyzer/wasm/instruction.h"
#include "analyzer/wasm/type_section.h"

namespace wml {
namespace {

constexpr std::uint8_t kI32 = 0x7f, kI64 = 0x7e, kF32 = 0x7d, kF64 = 0x7c;

std::uint8_t constant_of(std::uint8_t type) {
  switch (type) {
    case kI32: return op::kI32Const;
    case kI64: return op::kI64Const;
    case kF32: return op::kF32Const;
    case kF64: return op::kF64Const;
    default: return op::kUnreachable;
  }
}

std::optional<GlobalFact> read_global(ByteCursor& cursor, std::uint32_t index) {
  const std::uint8_t type = cursor.byte("a global's type");
  const std::uint8_t mutability = cursor.byte("a global's mutability");
  Instruction constant, end;
  if (!read_instruction(cursor, constant) || !read_instruction(cursor, end)) return std::nullopt;
  if (mutability > 1 || constant.is(op::kUnreachable) || !constant.is(constant_of(type)) || !end.is(op::kEnd))
    return std::nullopt;
  GlobalFact fact{.index = index, .mutable_ = mutability == 1, .is64 = type == kI64};
  if (type == kI32) fact.value = static_cast<std::uint32_t>(constant.constant);
  if (type == kI64) fact.value = static_cast<std::uint64_t>(constant.constant);
  return fact;
}

/// Whether the expression of a segment's offset refers to none but the first `imported` globals.
bool is_without(ByteSpan file, const OffsetExpression& offset, std::uint32_t imported) {
  ByteCursor cursor(file, offset.begin, offset.end);
  if (cursor.u32("data segment flags") > 1) cursor.u32("a memory index");
  Instruction instruction;
  while (!cursor.at_end() && read_instruction(cursor, instruction)) {
    const bool is_constant = instruction.is(op::kI32Const) || instruction.is(op::kI64Const);
    const bool is_imported = instruction.is(op::kGlobalGet) && instruction.index < imported;
    if (!is_constant && !is_imported && !instruction.is(op::kEnd)) return false;
  }
  return !cursor.failed();
}

}  // namespace

std::optional<std::vector<GlobalFact>> read_constant_globals(ByteSpan file, const SectionMap& map,
                                                             const std::vector<OffsetExpression>& offsets) {
  const Section* section = map.find(SectionId::global);
  const auto imported = count_imported_globals(file, map);
  if (section == nullptr || !imported) return std::nullopt;
  // An initial value of a table may be a global's. Bytes that look like the instruction will not be worth more thought.
  if (const Section* tables = map.find(SectionId::table)) {
    const ByteSpan bytes = file.subspan(tables->begin, tables->end - tables->begin);
    if (std::ranges::find(bytes, op::kGlobalGet) != bytes.end()) return std::nullopt;
  }
  const auto refers_to_none = [&](const OffsetExpression& offset) { return is_without(file, offset, *imported); };
  if (!std::ranges::all_of(offsets, refers_to_none)) return std::nullopt;
  ByteCursor cursor(file, section->begin, section->end);
  cursor.u32("the number of globals");
  std::vector<GlobalFact> globals;
  globals.reserve(section->count);
  for (std::uint32_t i = 0; i < section->count; ++i) {
    auto global = read_global(cursor, *imported + i);
    if (!global) return std::nullopt;
    globals.push_back(std::move(*global));
  }
  if (cursor.failed() || !cursor.at_end()) return std::nullopt;
  return globals;
}

}  // namespace wml
