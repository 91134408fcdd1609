#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "analyzer/wasm/section_map.h"
#include "analyzer/wasm/short_list.h"
#include "analyzer/wasm/type_section.h"
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

/// The direct calls of one function in a body.
struct Call {
  std::uint32_t callee = 0;
  std::uint32_t depth = 0;  ///< bytes that the caller's stack pointer is below its value on entry, at the deepest call
  std::uint32_t sites = 1;  ///< how many calls there are
  std::uint32_t loops = 0;  ///< the most loops around one
};

/// The calls through one table, or through references, with one type.
struct IndirectCall {
  std::uint32_t type = 0;
  std::optional<std::uint32_t> table;  ///< none: call_ref
  std::uint32_t depth = 0;
  std::uint32_t sites = 1;
};

/// Where functions are held that calls may reach: in tables, in element segments, or as references in locals, globals
/// and objects of the engine's heap.
enum class FunctionPlace : std::uint8_t { references, table, segment };

/// An instruction that takes functions from one place to another.
struct FunctionMove {
  FunctionPlace from = FunctionPlace::references;
  std::uint32_t from_index = 0;  ///< of a table or segment
  FunctionPlace to = FunctionPlace::references;
  std::uint32_t to_index = 0;

  auto operator<=>(const FunctionMove&) const = default;
};

/// A call of a function that the scan was asked to watch.
struct WatchedCall {
  std::uint32_t callee = 0;
  std::uint32_t loops = 0;  ///< around it
  std::uint64_t file_offset = 0;
  std::optional<std::uint64_t> first, second;  ///< arguments that are constants
  bool passes_its_own_first = false;           ///< the first argument is the caller's first parameter
};

/// What a function does with the stack pointer.
enum class FrameKind : std::uint8_t {
  bounded,  ///< it lowers the pointer by known amounts and restores it
  dynamic,  ///< it lowers it by an amount that is not known: alloca, or a variable-length array
  grows,    ///< it lowers it again in each turn of a loop
  unknown,  ///< it sets it to something that could not be followed, or leaves it changed
};

/// How far below its value on entry a function takes the stack pointer itself, callees aside.
struct Frame {
  FrameKind kind = FrameKind::bounded;
  std::uint64_t depth = 0;        ///< bytes; the red zone below the pointer counts where addresses in it are formed
  std::uint64_t file_offset = 0;  ///< of what made it other than bounded
  bool leaves_pointer_changed = false;
  ShortList<std::uint32_t>
      assumed_to_return_first;  ///< callees; it is bounded only if they return their first argument
  bool from_ir = false;         ///< the scan could not follow the pointer, and Binaryen's IR could (lost_frames.h)
};

/// What one function body does with memory, as far as constants tell. One value per defined function.
struct BodySummary {
  std::uint64_t file_offset = 0;  ///< of the body, after its size
  std::uint64_t bytes = 0;
  bool analysed = true;  ///< false: an opcode the scan does not know; what follows it was not seen
  Frame frame;
  bool returns_first_argument = false;        ///< on every path, as memcpy and memset do...
  ShortList<std::uint32_t> returns_first_if;  ///< ...if these callees, whose results it returns, do
  ShortList<Lowering> lowerings;
  ShortList<GrowSite> grows;
  ShortList<Call> calls;  ///< by callee
  ShortList<IndirectCall> indirect_calls;
  ShortList<std::uint32_t> references;  ///< functions of ref.func
  ShortList<FunctionMove> moves;
  ShortList<std::uint32_t> dropped;    ///< data segments that it drops
  std::uint32_t most_catches = 0;      ///< of one try
  std::uint32_t marks = 0;             ///< fingerprint.h: what allocators are recognised by
  ShortList<std::uint64_t> constants;  ///< those inside the caller's window, multiples of 16
  ShortList<Range> constant_writes;    ///< stores, memory.fill and memory.init at constant addresses
  ShortList<Range> sure_writes;        ///< those of them that are under no condition and in no loop
  ShortList<SegmentInit> inits;
  ShortList<WatchedCall> watched_calls;
  bool throws = false;               ///< it has an instruction that throws; calls aside
  bool writes_otherwise = false;     ///< anything else that can write memory: stores, calls, copies
  std::uint64_t highest_access = 0;  ///< end of the highest load or store at a constant address

  auto lists() {
    return std::tie(frame.assumed_to_return_first, returns_first_if, lowerings, grows, calls, indirect_calls,
                    references, moves, dropped, constants, constant_writes, sure_writes, inits, watched_calls);
  }
  template <class Visit>
  void for_each_list(Visit visit) {
    std::apply([&visit](auto&... list) { (visit(list), ...); }, lists());
  }

  /// An empty summary of another body, which keeps the lists' memory.
  void clear(std::uint64_t new_offset, std::uint64_t new_bytes);
};

/// How many lists a summary has.
inline constexpr std::size_t kSummaryLists = std::tuple_size_v<decltype(std::declval<BodySummary&>().lists())>;

/// What the scan is given beside the bodies.
struct ScanInput {
  std::vector<FunctionType> types;
  std::vector<std::uint32_t> function_types;  ///< by function, imported ones first
  std::uint32_t imported_functions = 0;
  std::optional<std::uint32_t> stack_pointer;  ///< the global whose value frames are counted by
  std::uint64_t window_low = 0;                ///< constants worth keeping: low <= c < high
  std::uint64_t window_high = 0;
  std::vector<bool> watched;  ///< by function: keep its calls with their arguments; may be empty

  bool is_worth_keeping(std::uint64_t constant) const {
    return constant % 16 == 0 && constant >= window_low && constant < window_high;
  }

  const FunctionType* type_of_function(std::uint32_t function) const {
    return function < function_types.size() ? type_at(function_types[function]) : nullptr;
  }
  const FunctionType* type_at(std::uint64_t index) const {
    return index < types.size() && types[index].is_function ? &types[index] : nullptr;
  }
};

/// Scans every body of the code section once, on `threads` threads (0: as many as the machine has). The result is
/// the same for any number of threads.
std::vector<BodySummary> scan_bodies(ByteSpan file, const SectionMap& map, const ScanInput& input,
                                     unsigned threads = 0);

}  // namespace wml
