#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/wasm/section_map.h"
#include "rules/model/module_facts.h"

namespace wml {

/// A function lowers a global by a constant and writes it back: the prologue of a function with a frame on the
/// shadow stack (tool-conventions, BasicCABI.md "The linear stack").
struct Lowering {
  std::uint32_t global = 0;
  std::uint64_t bytes = 0;
};

/// A memory.init of a segment from its first byte on to a constant address of memory 0.
struct SegmentInit {
  std::uint32_t segment = 0;
  std::uint64_t address = 0;
};

/// What one function body does with memory, as far as constants tell. One value per defined function.
struct BodySummary {
  std::uint64_t file_offset = 0;  ///< of the body, after its size
  std::uint64_t bytes = 0;
  bool analysed = true;  ///< false: an opcode the scan does not know; what follows it was not seen
  std::vector<Lowering> lowerings;
  std::vector<GrowSite> grows;
  std::vector<std::uint32_t> calls;      ///< functions called directly, in order, repeated as often as they stand
  std::vector<std::uint32_t> dropped;    ///< data segments that it drops
  std::vector<std::uint64_t> constants;  ///< those inside the caller's window, multiples of 16
  std::vector<Range> constant_writes;    ///< memory.fill and memory.init with constant operands
  std::vector<SegmentInit> inits;
  bool writes_otherwise = false;     ///< anything else that can write memory: stores, calls, copies
  std::uint64_t highest_access = 0;  ///< end of the highest load or store at a constant address
};

/// Integer constants that are worth keeping: possible addresses, low <= c < high.
struct ConstantWindow {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// Scans every body of the code section once, on `threads` threads (0: as many as the machine has). The result is
/// the same for any number of threads. `imported_functions` is the index of the first body's function.
std::vector<BodySummary> scan_bodies(ByteSpan file, const SectionMap& map, std::uint32_t imported_functions,
                                     ConstantWindow window, unsigned threads = 0);

}  // namespace wml
