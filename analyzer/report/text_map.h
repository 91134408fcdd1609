#pragma once

#include <string>

#include "analyzer/report/paint.h"
#include "rules/model/module_facts.h"

namespace wml {

/// The memory map as a table: address, size, share of the memory, what it is, and how that is known.
std::string map_table(const MemoryMap& map, const Paint& paint);

/// The initial memory drawn in cells of one or more pages: each shows what takes most of it, or a region that
/// would not be seen otherwise.
std::string page_bar(const MemoryMap& map, const Paint& paint);

}  // namespace wml
