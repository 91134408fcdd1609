#include "analyzer/wasm/custom_sections.h"

#include <fmt/format.h>

namespace wml {
namespace {

constexpr std::uint8_t kFunctionNames = 1, kGlobalNames = 7, kSegmentNames = 9;
constexpr std::uint8_t kDylinkMemoryInfo = 1;

ByteCursor contents(ByteSpan file, const Section& section) { return ByteCursor(file, section.begin, section.end); }

void note_failure(const ByteCursor& cursor, const Section& section, std::vector<std::string>& notes) {
  if (!cursor.failed()) return;
  notes.push_back(fmt::format("the custom section \"{}\" is broken at offset 0x{:x}: {}", section.name,
                              *cursor.error().offset, cursor.error().message));
}

void read_name_map(ByteCursor& cursor, std::vector<IndexedName>& out) {
  const std::uint32_t count = cursor.u32("a number of names");
  for (std::uint32_t i = 0; i < count && !cursor.failed(); ++i) {
    const std::uint32_t index = cursor.u32("an index");
    const std::string_view name = cursor.name("a name");
    if (!cursor.failed()) out.push_back({index, name});
  }
}

}  // namespace

NameSection read_names(ByteSpan file, const SectionMap& map, std::vector<std::string>& notes) {
  NameSection names;
  const Section* section = map.find_custom("name");
  if (section == nullptr) return names;
  ByteCursor cursor = contents(file, *section);
  while (!cursor.at_end() && !cursor.failed()) {
    const std::uint8_t kind = cursor.byte("a name subsection");
    const std::uint32_t size = cursor.u32("a subsection's size");
    const std::uint64_t begin = cursor.position();
    cursor.skip(size, "a name subsection");
    if (cursor.failed()) break;
    ByteCursor part(file, begin, begin + size);
    if (kind == kFunctionNames) read_name_map(part, names.functions);
    if (kind == kGlobalNames) read_name_map(part, names.globals);
    if (kind == kSegmentNames) read_name_map(part, names.segments);
    note_failure(part, *section, notes);
  }
  note_failure(cursor, *section, notes);
  return names;
}

std::vector<Producer> read_producers(ByteSpan file, const SectionMap& map, std::vector<std::string>& notes) {
  std::vector<Producer> producers;
  const Section* section = map.find_custom("producers");
  if (section == nullptr) return producers;
  ByteCursor cursor = contents(file, *section);
  const std::uint32_t fields = cursor.u32("a number of fields");
  for (std::uint32_t field = 0; field < fields && !cursor.failed(); ++field) {
    const std::string_view field_name = cursor.name("a field name");
    const std::uint32_t values = cursor.u32("a number of values");
    for (std::uint32_t i = 0; i < values && !cursor.failed(); ++i) {
      const std::string_view name = cursor.name("a producer's name");
      const std::string_view version = cursor.name("a producer's version");
      if (!cursor.failed()) producers.push_back({std::string(field_name), std::string(name), std::string(version)});
    }
  }
  note_failure(cursor, *section, notes);
  return producers;
}

std::optional<DylinkFact> read_dylink(ByteSpan file, const SectionMap& map, std::vector<std::string>& notes) {
  const Section* section = map.find_custom("dylink.0");
  const bool legacy = section == nullptr;
  if (legacy) section = map.find_custom("dylink");
  if (section == nullptr) return std::nullopt;
  ByteCursor cursor = contents(file, *section);
  if (!legacy) {
    // Subsections; the memory info comes first in practice, but need not. A main module with fixed addresses has none.
    bool found = false;
    while (!found && !cursor.at_end() && !cursor.failed()) {
      const std::uint8_t kind = cursor.byte("a dylink.0 subsection");
      const std::uint32_t size = cursor.u32("a subsection's size");
      found = kind == kDylinkMemoryInfo;
      if (!found) cursor.skip(size, "a dylink.0 subsection");
    }
    if (!found) {
      note_failure(cursor, *section, notes);
      return std::nullopt;
    }
  }
  DylinkFact dylink;
  dylink.memory_bytes = cursor.u32("the memory size");
  const std::uint32_t alignment = cursor.u32("the memory alignment");
  dylink.memory_alignment = std::uint64_t{1} << (alignment < 32 ? alignment : 0);
  note_failure(cursor, *section, notes);
  if (cursor.failed()) return std::nullopt;
  return dylink;
}

}  // namespace wml
