#include "analyzer/wasm/export_section.h"

#include <unordered_set>

#include <fmt/format.h>

#include "analyzer/utf8.h"
#include "analyzer/wasm/byte_cursor.h"

namespace wml {
Result<std::vector<ExportEntry>> read_exports(ByteSpan file, const SectionMap& map) {
  const Section* section = map.find(SectionId::export_);
  if (section == nullptr) return std::vector<ExportEntry>{};
  ByteCursor cursor(file, section->begin, section->end);
  cursor.u32("the number of exports");
  std::vector<ExportEntry> entries;
  entries.reserve(section->count);
  std::unordered_set<std::string_view> names;
  names.reserve(section->count);
  for (std::uint32_t i = 0; i < section->count && !cursor.failed(); ++i) {
    const std::uint64_t at = cursor.position();
    ExportEntry entry{.name = cursor.name("an export's name")};
    const std::uint8_t kind = cursor.byte("an export's kind");
    entry.index = cursor.u32("an export's index");
    if (cursor.failed()) break;
    if (kind > static_cast<std::uint8_t>(ExportKind::tag)) {
      cursor.fail(at, fmt::format("an export has the kind {}; expected 0 to 4", kind));
    } else if (!is_utf8(entry.name)) {
      cursor.fail(at, "an export's name is not UTF-8");
    } else if (!names.insert(entry.name).second) {
      cursor.fail(at, fmt::format("the name \"{}\" is exported twice", entry.name));
    }
    entry.kind = static_cast<ExportKind>(kind);
    entries.push_back(entry);
  }
  if (!cursor.failed() && !cursor.at_end())
    cursor.fail(cursor.position(), "the export section goes on after its last export");
  if (cursor.failed()) return cursor.error();
  return entries;
}

}  // namespace wml
