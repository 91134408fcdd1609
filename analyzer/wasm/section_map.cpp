#include "analyzer/wasm/section_map.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/wasm/instruction.h"

namespace wml {
namespace {

constexpr std::uint64_t kHeaderBytes = 8;  // magic and version

/// What is known of a section by its id. `order` is its place in a module: data count comes before code, tag
/// between memory and global, whatever their ids. `entry_bytes` is the least that one entry takes, and `limit` is
/// V8's (the JavaScript API specification, "Limits"): no engine takes more.
struct SectionKind {
  std::string_view name;
  int order;
  std::uint32_t entry_bytes;  // 0: not a vector
  std::uint32_t limit;
};

constexpr std::array<SectionKind, 15> kKinds{{
    {"custom", 0, 0, 0},
    {"type", 1, 2, 1'000'000},
    {"import", 2, 2, 1'000'000},
    {"function", 3, 1, 1'000'000},
    {"table", 4, 3, 100'000},
    {"memory", 5, 2, 100'000},
    {"global", 7, 3, 1'000'000},
    {"export", 8, 3, 1'000'000},
    {"start", 9, 0, 0},
    {"element", 10, 2, 10'000'000},
    {"code", 12, 3, 1'000'000},
    {"data", 13, 2, 10'000'000},
    {"data count", 11, 0, 0},
    {"tag", 6, 2, 1'000'000},
    {"strings", 0, 0, 0},
}};

constexpr std::uint32_t kMaxLocals = 50'000;  // V8's limit for one function

void check_count(ByteCursor& cursor, Section& section) {
  const SectionKind& kind = kKinds[static_cast<std::size_t>(section.id)];
  if (kind.entry_bytes == 0) return;
  const std::uint64_t at = cursor.position();
  section.count = cursor.u32("the number of entries");
  if (cursor.failed()) return;
  const std::uint64_t possible = cursor.remaining() / kind.entry_bytes;
  if (section.count > possible) {
    cursor.fail(at, fmt::format("the {} section claims {} entries, but its {} bytes hold at most {}", kind.name,
                                section.count, section.end - section.begin, possible));
  } else if (section.count > kind.limit) {
    cursor.fail(at, fmt::format("the {} section has {} entries; no engine takes more than {}", kind.name, section.count,
                                kind.limit));
  }
}

/// Finds the bodies, and checks their locals: five bytes can declare four billion, for which Binaryen would allocate.
void read_code(ByteSpan file, const Section& code, ByteCursor& errors, std::vector<Range>& bodies) {
  bodies.reserve(code.count);
  ByteCursor cursor(file, code.begin, code.end);
  cursor.u32("the number of functions");
  for (std::uint32_t i = 0; i < code.count && !cursor.failed(); ++i) {
    const std::uint64_t size_at = cursor.position();
    const std::uint32_t size = cursor.u32("the size of a function body");
    const std::uint64_t body = cursor.position();
    if (!cursor.failed() && size > cursor.remaining()) {
      cursor.fail(size_at, fmt::format("function body {} claims {} bytes, but {} are left in the code section", i, size,
                                       cursor.remaining()));
      break;
    }
    ByteCursor locals(file, body, body + size);
    const std::uint32_t groups = locals.u32("the number of local groups");
    std::uint64_t total = 0;
    for (std::uint32_t group = 0; group < groups && !locals.failed(); ++group) {
      const std::uint64_t at = locals.position();
      total += locals.u32("a number of locals");
      if (total > kMaxLocals)
        locals.fail(at, fmt::format("function body {} declares more than {} locals", i, kMaxLocals));
      skip_value_type(locals);
    }
    if (locals.failed()) cursor.fail(*locals.error().offset, locals.error().message);
    cursor.skip(size, "a function body");
    bodies.push_back({body, body + size});
  }
  if (!cursor.failed() && !cursor.at_end()) {
    cursor.fail(cursor.position(),
                fmt::format("the code section goes on {} bytes after its last function", cursor.remaining()));
  }
  if (cursor.failed()) errors.fail(*cursor.error().offset, cursor.error().message);
}

Section read_section(ByteSpan file, ByteCursor& cursor, int& last_order, std::vector<Range>& bodies) {
  Section section;
  section.offset = cursor.position();
  const std::uint8_t id = cursor.byte("a section id");
  const std::uint64_t size_at = cursor.position();
  const std::uint32_t size = cursor.u32("a section size");
  if (cursor.failed()) return section;
  if (id >= kKinds.size()) {
    cursor.fail(section.offset, fmt::format("unknown section id {}; expected 0 to {}", id, kKinds.size() - 1));
    return section;
  }
  const SectionKind& kind = kKinds[id];
  section.id = static_cast<SectionId>(id);
  section.name = kind.name;
  section.begin = cursor.position();
  section.end = section.begin + size;
  if (size > cursor.remaining()) {
    cursor.fail(
        size_at,
        fmt::format("the {} section claims {} bytes, but {} are left: the file is cut short or the size is wrong",
                    kind.name, size, cursor.remaining()));
    return section;
  }
  if (kind.order != 0) {
    if (kind.order == last_order) cursor.fail(section.offset, fmt::format("a second {} section", kind.name));
    if (kind.order < last_order) cursor.fail(section.offset, fmt::format("the {} section is out of order", kind.name));
    last_order = kind.order;
  }
  ByteCursor contents(file, section.begin, section.end);
  if (section.id == SectionId::custom) {
    section.name = contents.name("a custom section's name");
    section.begin = contents.position();
  } else {
    check_count(contents, section);
    if (!contents.failed() && section.id == SectionId::code) read_code(file, section, contents, bodies);
  }
  if (contents.failed()) cursor.fail(*contents.error().offset, contents.error().message);
  cursor.skip(size, "a section");
  return section;
}

/// Binaryen makes as many segments as the data count section says, before it sees one.
const Error* check_data_count(ByteSpan file, const SectionMap& map, ByteCursor& errors) {
  const Section* data_count = map.find(SectionId::data_count);
  if (data_count == nullptr) return nullptr;
  ByteCursor cursor(file, data_count->begin, data_count->end);
  const std::uint32_t count = cursor.u32("the data count");
  if (cursor.failed()) errors.fail(*cursor.error().offset, cursor.error().message);
  const Section* data = map.find(SectionId::data);
  const std::uint32_t segments = data == nullptr ? 0 : data->count;
  if (!errors.failed() && count != segments) {
    errors.fail(data_count->begin,
                fmt::format("the data count section says {}, but there are {} data segments", count, segments));
  }
  return errors.failed() ? &errors.error() : nullptr;
}

}  // namespace

const Section* SectionMap::find(SectionId id) const {
  const auto found = std::ranges::find(sections, id, &Section::id);
  return found == sections.end() ? nullptr : &*found;
}

const Section* SectionMap::find_custom(std::string_view name) const {
  const auto found = std::ranges::find_if(
      sections, [name](const Section& section) { return section.id == SectionId::custom && section.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

Result<SectionMap> read_section_map(ByteSpan file, std::uint64_t begin, std::uint64_t end) {
  SectionMap map{.begin = begin, .end = end, .sections = {}, .bodies = {}};
  ByteCursor cursor(file, begin, end);
  constexpr std::array<std::uint8_t, kHeaderBytes> kHeader{0, 'a', 's', 'm', 1, 0, 0, 0};
  for (std::size_t i = 0; i < kHeader.size(); ++i) {
    const std::uint64_t at = cursor.position();
    const std::uint8_t found = cursor.byte(i < 4 ? "the magic number \\0asm" : "the version 1");
    if (cursor.failed()) return cursor.error();
    if (found == kHeader[i]) continue;
    return Error{i < 4 ? "no WebAssembly module: expected the magic number \\0asm"
                       : "unknown WebAssembly version: expected 1 (a core module) or 0x1000d (a component)",
                 i < 4 ? begin : at};
  }
  int last_order = 0;
  while (!cursor.at_end()) {
    Section section = read_section(file, cursor, last_order, map.bodies);
    if (cursor.failed()) return cursor.error();
    map.sections.push_back(std::move(section));
  }
  if (const Error* error = check_data_count(file, map, cursor)) return *error;
  return map;
}

std::string_view label_of(const Section& section) {
  if (section.id == SectionId::code) return "code";
  if (section.id == SectionId::data) return "data";
  if (section.id != SectionId::custom) return "structure";
  const std::string_view name = section.name;
  if (name == "name") return "names";
  if (name.starts_with(".debug_") || name == "sourceMappingURL" || name == "external_debug_info") return "debug";
  if (name == "producers" || name == "target_features" || name == "dylink.0" || name == "dylink" ||
      name == "build_id") {
    return "metadata";
  }
  if (name == "linking" || name.starts_with("reloc.")) return "linking";
  return "custom";
}

std::vector<FileRange> file_ranges(const SectionMap& map) {
  std::vector<FileRange> ranges{{"header", "structure", map.begin, kHeaderBytes}};
  for (const Section& section : map.sections) {
    const std::string name = section.id == SectionId::custom ? "custom " + section.name : section.name;
    ranges.push_back({name, std::string(label_of(section)), section.offset, section.end - section.offset});
  }
  return ranges;
}

}  // namespace wml
