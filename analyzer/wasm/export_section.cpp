#include "analyzer/wasm/export_section.h"

#include <bit>
#include <functional>

#include <fmt/format.h>

#include "analyzer/utf8.h"
#include "analyzer/wasm/byte_cursor.h"

namespace wml {
namespace {

/// The names that were seen. One table without pointers: a set of nodes takes three times as long for the tens of
/// thousands of names that a dynamically linked module exports.
class SeenNames {
public:
  explicit SeenNames(std::size_t most) : slots_(std::bit_ceil(2 * most + 1)) { names_.reserve(most); }

  /// False when it is there already.
  bool insert(std::string_view name) {
    const std::size_t hash = std::hash<std::string_view>{}(name);
    const auto upper = static_cast<std::uint32_t>(hash >> 32);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].entry != 0; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].upper == upper && names_[slots_[at].entry - 1] == name) return false;
    }
    names_.push_back(name);
    slots_[at] = {upper, static_cast<std::uint32_t>(names_.size())};
    return true;
  }

private:
  struct Slot {
    std::uint32_t upper = 0;  ///< half of the hash
    std::uint32_t entry = 0;  ///< index in names_ plus 1; 0: empty
  };
  std::vector<Slot> slots_;
  std::vector<std::string_view> names_;
};

}  // namespace

Result<std::vector<ExportEntry>> read_exports(ByteSpan file, const SectionMap& map) {
  const Section* section = map.find(SectionId::export_);
  if (section == nullptr) return std::vector<ExportEntry>{};
  ByteCursor cursor(file, section->begin, section->end);
  cursor.u32("the number of exports");
  std::vector<ExportEntry> entries;
  entries.reserve(section->count);
  SeenNames names(section->count);
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
    } else if (!names.insert(entry.name)) {
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
