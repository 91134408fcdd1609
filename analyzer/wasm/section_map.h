#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/result.h"
#include "analyzer/wasm/byte_cursor.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Section ids (core specification, 5.5.2 "Sections"; 13 is the tag section of exception handling, 14 the
/// strings section of the string proposal).
enum class SectionId : std::uint8_t {
  custom = 0,
  type,
  import,
  function,
  table,
  memory,
  global,
  export_,
  start,
  element,
  code,
  data,
  data_count,
  tag,
  strings,
};

/// One section as it lies in the file. Offsets count from the start of the file.
struct Section {
  SectionId id = SectionId::custom;
  std::string name;          ///< of a custom section; otherwise the section's own: "code"
  std::uint64_t offset = 0;  ///< of the id byte
  std::uint64_t begin = 0;   ///< of the contents (after a custom section's name)
  std::uint64_t end = 0;
  std::uint32_t count = 0;  ///< of entries, where the section is a vector; 0 for custom and start
};

/// Where everything is in one core module, [begin, end) of the file. Sections are in file order; known ones are in
/// the order that the specification demands, at most once each, and their counts are possible for their sizes.
struct SectionMap {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::vector<Section> sections;
  std::vector<Range> bodies;  ///< of the code section, each without its size: read once, since they are far apart

  const Section* find(SectionId id) const;
  const Section* find_custom(std::string_view name) const;
};

/// Checks everything that Binaryen must not be given: a count that makes it allocate gigabytes, a size past the end.
Result<SectionMap> read_section_map(ByteSpan file, std::uint64_t begin, std::uint64_t end);

/// What kind of bytes a section holds: "code", "data", "names", "debug", "metadata", "custom" or "structure".
std::string_view label_of(const Section& section);

/// The module's bytes as ranges that follow each other without gaps: the header, then each section.
std::vector<FileRange> file_ranges(const SectionMap& map);

}  // namespace wml
