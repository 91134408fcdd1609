#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

// Custom sections that say something about memory. A custom section cannot make a module invalid (core
// specification, 5.5.3): one that is broken gives what could be read of it, and a note.

namespace wml {

/// An entry of the name section: an index and a name, in the order of the section.
struct IndexedName {
  std::uint32_t index = 0;
  std::string_view name;  ///< points into the file
};

/// The name section's subsections that are used here (core specification, appendix "Name Section", and the extended
/// name section proposal).
struct NameSection {
  std::vector<IndexedName> functions;
  std::vector<IndexedName> globals;
  std::vector<IndexedName> segments;
};

NameSection read_names(ByteSpan file, const SectionMap& map, std::vector<std::string>& notes);

std::vector<Producer> read_producers(ByteSpan file, const SectionMap& map, std::vector<std::string>& notes);

/// `dylink.0`, or its predecessor `dylink`; nothing for a main module, whose addresses are fixed.
std::optional<DylinkFact> read_dylink(ByteSpan file, const SectionMap& map, std::vector<std::string>& notes);

}  // namespace wml
