#pragma once

#include <optional>
#include <vector>

#include "analyzer/wasm/data_section.h"
#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

namespace wml {

/// The globals that a module defines, where each is a number initialised by one constant of its type, and neither
/// tables nor the given offsets of segments refer to one; nothing where any of this is otherwise, or broken. They are
/// read here and not by Binaryen because dynamically linked modules have tens of thousands, each of which Binaryen
/// keeps under a name. Indices count from the first imported global.
std::optional<std::vector<GlobalFact>> read_constant_globals(ByteSpan file, const SectionMap& map,
                                                             const std::vector<OffsetExpression>& offsets);

}  // namespace wml
