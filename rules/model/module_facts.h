#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/evidence.h"
#include "rules/model/growth_model.h"
#include "rules/model/heap_facts.h"
#include "rules/model/pages.h"
#include "rules/model/range.h"
#include "rules/model/stack_facts.h"

/// What a WebAssembly module says about its memory. Plain values: no Binaryen type, no pointer into the file.
/// Sizes and addresses are bytes unless the name says pages; offsets count from the start of the given file.
namespace wml {

/// The two names of an import.
struct ImportName {
  std::string module;
  std::string name;
};

/// A memory, imported or defined. Pages are the memory's own (`page_bytes`).
struct MemoryFact {
  std::uint32_t index = 0;
  std::uint64_t minimum_pages = 0;
  std::optional<std::uint64_t> maximum_pages;
  std::uint64_t page_bytes = kPageBytes;
  bool shared = false;
  bool memory64 = false;
  std::optional<ImportName> import;
  std::vector<std::string> exports;

  std::uint64_t minimum_bytes() const { return saturating_multiply(minimum_pages, page_bytes); }
  std::optional<std::uint64_t> maximum_bytes() const {
    return maximum_pages ? std::optional(saturating_multiply(*maximum_pages, page_bytes)) : std::nullopt;
  }
};

/// A run of zero bytes inside a data segment; `offset` counts from the segment's start.
struct ZeroRun {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// One data segment.
struct SegmentFact {
  std::uint32_t index = 0;
  bool passive = false;
  std::uint32_t memory = 0;              ///< meaningless when passive
  std::optional<std::uint64_t> address;  ///< where it is copied: a constant offset expression, or a memory.init with
                                         ///< constants in the start function
  std::string offset_expression;         ///< as text when `address` is unknown: "global.get env.__memory_base"
  std::uint64_t bytes = 0;
  std::uint64_t file_offset = 0;   ///< of its first content byte
  std::string name;                ///< from the name section, or empty
  std::uint64_t zero_bytes = 0;    ///< how many of its bytes are zero
  std::vector<ZeroRun> zero_runs;  ///< long ones only (kZeroRunBytes), by offset
  std::uint64_t content_hash = 0;  ///< equal contents have equal hashes
  bool dropped = false;            ///< some function drops it (data.drop)
  bool out_of_bounds = false;      ///< active, and ends beyond the declared minimum: instantiation traps
  bool lands_on_zeros = false;     ///< active in a memory of the module's own, and no other segment overlaps it
  std::uint64_t end() const { return address ? *address + bytes : 0; }
};

/// Zero runs shorter than this are not recorded: splitting a segment costs about 8 bytes and saves file bytes only.
inline constexpr std::uint64_t kZeroRunBytes = 256;

/// The same bytes in two segments or two places of one; offsets count from each segment's start.
struct DuplicateData {
  std::uint32_t first_segment = 0;
  std::uint64_t first_offset = 0;
  std::uint32_t second_segment = 0;
  std::uint64_t second_offset = 0;
  std::uint64_t bytes = 0;
};

/// A global that is an i32 or i64.
struct GlobalFact {
  std::uint32_t index = 0;
  std::string name;  ///< from the name section, or empty
  bool mutable_ = false;
  bool is64 = false;
  std::optional<std::uint64_t> value;  ///< when initialised by a constant
  std::optional<ImportName> import;
  std::vector<std::string> exports;
};

/// How the result of memory.grow is used in the function that calls it.
enum class GrowResult { checked, ignored, unknown };

/// One memory.grow instruction.
struct GrowSite {
  std::uint32_t function = 0;
  std::uint64_t file_offset = 0;
  std::uint32_t memory = 0;
  std::optional<std::uint64_t> delta_pages;  ///< when it is a constant
  GrowResult result = GrowResult::unknown;
};

/// One function of the module; what its body does is summarised by one pass over the code section.
struct FunctionFact {
  std::uint32_t index = 0;
  std::string name;  ///< from the name section or an export, mangled as it stands there; or empty
  std::optional<ImportName> import;
  std::uint64_t file_offset = 0;  ///< of the body, 0 for imports
  std::uint64_t bytes = 0;        ///< of the body
  bool analysed = true;           ///< false: an instruction in it is unknown to the scan
};

struct ExportedFunction {
  std::string name;
  std::uint32_t function = 0;
};

/// A range of the file and what is in it. Ranges follow each other without gaps.
struct FileRange {
  std::string name;   ///< section name: "code", "data", "custom .debug_info"
  std::string label;  ///< what kind of bytes: "code", "data", "names", "debug", ...
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// One entry of the producers section (tool-conventions, ProducersSection.md).
struct Producer {
  std::string field;
  std::string name;
  std::string version;
};

enum class Toolchain { unknown, clang, rust, zig, emscripten, go, tinygo, assemblyscript, swift, dotnet, kotlin, dart };

/// Which toolchain made the module.
struct ToolchainFact {
  Toolchain id = Toolchain::unknown;
  Basis basis;
  std::vector<Producer> producers;
};

enum class RegionKind { reserved, stack, data, bss, stack_or_bss, static_or_heap, heap, unknown };

/// A piece of the initial memory: [low, high).
struct Region {
  RegionKind kind = RegionKind::unknown;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  Basis basis;
};

/// The initial memory from address 0 to its declared minimum, in order and without gaps.
struct MemoryMap {
  std::uint32_t memory = 0;
  std::vector<Region> regions;
  std::optional<std::uint64_t> static_end;  ///< end of the last data segment; without segments, of data and bss
  Basis static_end_basis;
  std::optional<std::uint64_t> bss_end;    ///< `__data_end`: wasm-ld puts it behind bss
  std::optional<std::uint64_t> heap_base;  ///< where the heap may begin (`__heap_base`)
  Basis heap_base_basis;
};

/// How sure a recognition is. High: names, imports, or signs that no other allocator had among the modules tried.
enum class Confidence { low, medium, high };

/// By how much an allocator grows memory when a request does not fit. exact: by what is missing; whole_request: by the
/// request, whatever is still free; doubling: by the size that memory has, or by what is missing if that is more.
enum class GrowthPolicy { unknown, exact, whole_request, at_least_step, doubling, host };

/// A language runtime whose objects live in blocks that it takes from the allocator below: what the program asks for
/// and what the allocator is asked for differ.
struct ManagedHeap {
  std::string name;  ///< "CPython"
  Basis basis;
};

/// The allocator that hands out heap memory. `name` is "unknown" or "none" where that is what is known.
struct AllocatorFact {
  std::string name = "unknown";
  Basis basis;
  Confidence confidence = Confidence::low;
  std::optional<std::uint64_t> code_bytes;    ///< of the functions known as its own, and of those only they call
  std::optional<std::uint64_t> static_bytes;  ///< its variables in data and bss
  std::optional<std::uint64_t> growth_step_pages;
  GrowthPolicy policy = GrowthPolicy::unknown;
  GrowthModel model = GrowthModel::unknown;
  std::vector<std::uint32_t> functions;    ///< those that its names or its signs are in
  std::optional<bool> uses_initial_slack;  ///< whether it hands out the initial memory above heap_base first
  std::optional<ManagedHeap> managed;      ///< that takes its blocks from this allocator
};

/// Who can make memory larger.
struct GrowthFact {
  std::vector<GrowSite> sites;
  std::vector<ImportName> host_imports;  ///< imports by which the host grows memory for the module
};

/// The dylink.0 section of a side module (tool-conventions, DynamicLinking.md).
struct DylinkFact {
  std::uint64_t memory_bytes = 0;
  std::uint64_t memory_alignment = 1;  ///< bytes
};

/// What the start function writes, as far as constants in it tell.
struct StartFact {
  std::uint32_t function = 0;
  bool fully_known = false;      ///< it writes nothing but `writes`
  std::vector<Range> writes;     ///< [low, high) that it always writes, at constant addresses
  std::vector<Range> may_write;  ///< the same, and those under a condition
};

enum class ModuleFormat { binary, text, component };

struct ModuleFacts {
  std::string path;
  ModuleFormat format = ModuleFormat::binary;
  std::uint64_t file_bytes = 0;                  ///< of the whole file that was given
  std::uint64_t module_offset = 0;               ///< of this core module in the file; not 0 inside a component
  std::optional<std::uint32_t> component_index;  ///< which embedded core module of a component this is
  std::vector<FileRange> ranges;
  ToolchainFact toolchain;
  std::vector<MemoryFact> memories;
  std::vector<SegmentFact> segments;
  std::vector<DuplicateData> duplicates;
  std::vector<GlobalFact> globals;  ///< i32 and i64 ones
  std::vector<FunctionFact> functions;
  std::vector<ExportedFunction> function_exports;
  std::vector<std::uint32_t> table_functions;  ///< those that a table may hold, as far as elements and ref.func tell
  bool has_data_count = false;
  bool relocatable = false;  ///< an object file (linking section), not a linked module
  bool uses_gc = false;      ///< has struct or array types: objects live in the engine's heap
  std::optional<StartFact> start;
  std::optional<DylinkFact> dylink;
  std::optional<StackFact> stack;
  MemoryMap map;
  AllocatorFact allocator;
  std::vector<std::string> other_allocators;  ///< further ones found beside `allocator`
  GrowthFact growth;
  std::optional<HeapDemand> heap;  ///< absent: which functions allocate is not known
  std::vector<std::string> notes;  ///< what could not be read or does not fit together
};

constexpr std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::low: return "low";
    case Confidence::medium: return "medium";
    case Confidence::high: return "high";
  }
  return "low";
}

constexpr std::string_view to_string(GrowResult result) {
  switch (result) {
    case GrowResult::checked: return "checked";
    case GrowResult::ignored: return "ignored";
    case GrowResult::unknown: return "unknown";
  }
  return "unknown";
}

constexpr std::string_view to_string(Toolchain toolchain) {
  switch (toolchain) {
    case Toolchain::unknown: return "unknown";
    case Toolchain::clang: return "clang";
    case Toolchain::rust: return "rust";
    case Toolchain::zig: return "zig";
    case Toolchain::emscripten: return "emscripten";
    case Toolchain::go: return "go";
    case Toolchain::tinygo: return "tinygo";
    case Toolchain::assemblyscript: return "assemblyscript";
    case Toolchain::swift: return "swift";
    case Toolchain::dotnet: return "dotnet";
    case Toolchain::kotlin: return "kotlin";
    case Toolchain::dart: return "dart";
  }
  return "unknown";
}

constexpr std::string_view to_string(RegionKind kind) {
  switch (kind) {
    case RegionKind::reserved: return "reserved";
    case RegionKind::stack: return "stack";
    case RegionKind::data: return "data";
    case RegionKind::bss: return "bss";
    case RegionKind::stack_or_bss: return "stack or bss";
    case RegionKind::static_or_heap: return "bss or heap";
    case RegionKind::heap: return "heap at start";
    case RegionKind::unknown: return "unknown";
  }
  return "unknown";
}

constexpr std::string_view to_string(GrowthPolicy policy) {
  switch (policy) {
    case GrowthPolicy::unknown: return "unknown";
    case GrowthPolicy::exact: return "exact";
    case GrowthPolicy::whole_request: return "whole-request";
    case GrowthPolicy::at_least_step: return "at-least-step";
    case GrowthPolicy::doubling: return "doubling";
    case GrowthPolicy::host: return "host";
  }
  return "unknown";
}

}  // namespace wml
