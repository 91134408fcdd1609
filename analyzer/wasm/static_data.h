#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "rules/model/module_facts.h"

namespace wml {

/// The memory that toolchains put stack, data and heap into: the first one.
inline const MemoryFact* main_memory(const ModuleFacts& facts) {
  return facts.memories.empty() ? nullptr : &facts.memories.front();
}

/// Whether it is known where in memory 0 a segment's bytes are at start.
inline bool is_placed(const SegmentFact& segment) {
  return segment.memory == 0 && segment.address && segment.bytes > 0;
}

/// [low, high) of the segments of memory 0 whose address is known; nothing when there are none.
inline std::optional<Range> placed_data(const ModuleFacts& facts) {
  std::optional<Range> range;
  for (const SegmentFact& segment : facts.segments) {
    if (!is_placed(segment)) continue;
    if (!range) range = Range{*segment.address, segment.end()};
    range->low = std::min(range->low, *segment.address);
    range->high = std::max(range->high, segment.end());
  }
  return range;
}

/// A global with a constant value that is exported or named `name`, as wasm-ld's symbols and AssemblyScript's are.
inline const GlobalFact* find_global(const ModuleFacts& facts, std::string_view name) {
  for (const GlobalFact& global : facts.globals) {
    const std::string_view own = global.name;
    const bool named = own == name || (own.starts_with("~lib/memory/") && own.ends_with(name));
    const bool exported = std::ranges::find(global.exports, name) != global.exports.end();
    const bool imported = global.import && global.import->name == name;
    if (named || exported || imported) return &global;
  }
  return nullptr;
}

/// The value of such a global, when it is a constant.
inline std::optional<std::uint64_t> symbol_value(const ModuleFacts& facts, std::string_view name) {
  const GlobalFact* global = find_global(facts, name);
  return global == nullptr ? std::nullopt : global->value;
}

/// The end of the highest load or store at a constant address below `limit`.
inline std::uint64_t highest_access_below(const std::vector<BodySummary>& bodies, std::uint64_t limit) {
  std::uint64_t highest = 0;
  for (const BodySummary& body : bodies) {
    if (body.highest_access <= limit) highest = std::max(highest, body.highest_access);
  }
  return highest;
}

}  // namespace wml
