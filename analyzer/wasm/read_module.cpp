#include "analyzer/wasm/read_module.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "analyzer/sorted.h"
#include "analyzer/wasm/allocator.h"
#include "analyzer/wasm/beside.h"
#include "analyzer/wasm/binaryen_reader.h"
#include "analyzer/wasm/body_scan.h"
#include "analyzer/wasm/custom_sections.h"
#include "analyzer/wasm/data_section.h"
#include "analyzer/wasm/element_section.h"
#include "analyzer/wasm/export_section.h"
#include "analyzer/wasm/heap_demand.h"
#include "analyzer/wasm/lost_frames.h"
#include "analyzer/wasm/memory_map.h"
#include "analyzer/wasm/section_map.h"
#include "analyzer/wasm/stack.h"
#include "analyzer/wasm/stack_bound.h"
#include "analyzer/wasm/static_data.h"
#include "analyzer/wasm/toolchain.h"
#include "analyzer/wasm/type_section.h"

namespace wml {
namespace {

/// Shorter copies are not worth a finding: merging them saves bytes of the file, never a page.
constexpr std::uint64_t kDuplicateBytes = 256;

void add_names(const NameSection& names, ModuleFacts& facts) {
  const auto set = [](auto& items, const std::vector<IndexedName>& given) {
    for (const IndexedName& entry : given) {
      if (entry.index < items.size()) items[entry.index].name = entry.name;
    }
  };
  set(facts.functions, names.functions);
  set(facts.globals, names.globals);
  set(facts.segments, names.segments);
}

/// What the module says of its functions, beside their bodies.
struct FunctionTables {
  std::vector<TableFact> tables;
  std::vector<ElementEntry> segments;
  std::vector<std::uint32_t> initial_functions;  ///< of initial values of globals and tables
};

void add_declarations(Declarations declarations, std::size_t functions, ModuleFacts& facts) {
  facts.memories = std::move(declarations.memories);
  facts.globals = std::move(declarations.globals);
  facts.functions.resize(functions);
  for (std::uint32_t i = 0; i < functions; ++i) facts.functions[i].index = i;
  for (std::size_t i = 0; i < declarations.function_imports.size(); ++i) {
    facts.functions[i].import = std::move(declarations.function_imports[i]);
  }
}

Result<FunctionTables> make_tables(std::vector<ElementEntry> elements, const Section* section,
                                   const std::vector<bool>& imported_tables, std::vector<std::uint32_t> initial_values,
                                   std::size_t functions) {
  FunctionTables out{.tables = std::vector<TableFact>(imported_tables.size()),
                     .initial_functions = std::move(initial_values)};
  for (std::size_t i = 0; i < imported_tables.size(); ++i) out.tables[i].host_can_fill = imported_tables[i];
  for (const ElementEntry& entry : elements) {
    if (entry.active && entry.table >= out.tables.size())
      return Error{fmt::format("an element segment is for table {}, and there are {}", entry.table, out.tables.size()),
                   section->offset};
    if (entry.active) {
      std::vector<std::uint32_t>& to = out.tables[entry.table].functions;
      to.insert(to.end(), entry.functions.begin(), entry.functions.end());
    }
    const auto wrong = std::ranges::find_if(entry.functions, [&](std::uint32_t f) { return f >= functions; });
    if (wrong != entry.functions.end())
      return Error{fmt::format("an element segment holds function {}, and there are {}", *wrong, functions),
                   section->offset};
  }
  out.segments = std::move(elements);
  return out;
}

/// How many functions the module defines. Each has a body.
Result<std::uint32_t> count_functions(const SectionMap& map) {
  const Section* declared = map.find(SectionId::function);
  const Section* code = map.find(SectionId::code);
  const std::uint32_t signatures = declared == nullptr ? 0 : declared->count;
  const std::uint32_t bodies = code == nullptr ? 0 : code->count;
  if (signatures == bodies) return bodies;
  return Error{fmt::format("{} functions are declared, but the code section has {}", signatures, bodies),
               declared == nullptr ? code->offset : declared->offset};
}

/// The start section (core specification, 5.5.11).
Result<std::optional<StartFact>> read_start(ByteSpan file, const SectionMap& map, std::size_t functions) {
  const Section* section = map.find(SectionId::start);
  if (section == nullptr) return std::optional<StartFact>{};
  ByteCursor cursor(file, section->begin, section->end);
  const std::uint32_t function = cursor.u32("the start function's index");
  if (!cursor.failed() && function >= functions)
    cursor.fail(section->begin, fmt::format("the start function is {}, and there are {}", function, functions));
  if (!cursor.failed() && !cursor.at_end()) cursor.fail(cursor.position(), "the start section goes on after its index");
  if (cursor.failed()) return cursor.error();
  return std::optional(StartFact{.function = function});
}

/// Exports to what they name; an index that nothing has is an error.
std::optional<Error> add_exports(const std::vector<ExportEntry>& exports, const Section* section, std::uint32_t tags,
                                 std::vector<TableFact>& tables, ModuleFacts& facts) {
  for (const ExportEntry& item : exports) {
    const std::size_t limit = item.kind == ExportKind::function ? facts.functions.size()
                              : item.kind == ExportKind::table  ? tables.size()
                              : item.kind == ExportKind::memory ? facts.memories.size()
                              : item.kind == ExportKind::global ? facts.globals.size()
                                                                : tags;
    if (item.index >= limit)
      return Error{
          fmt::format("the export \"{}\" has the index {}, and there are {} of its kind", item.name, item.index, limit),
          section->offset};
    switch (item.kind) {
      case ExportKind::function: {
        facts.function_exports.push_back({std::string(item.name), item.index});
        std::string& name = facts.functions[item.index].name;
        if (name.empty()) name = item.name;
        break;
      }
      case ExportKind::table: tables[item.index].host_can_fill = true; break;
      case ExportKind::memory: facts.memories[item.index].exports.emplace_back(item.name); break;
      case ExportKind::global: facts.globals[item.index].exports.emplace_back(item.name); break;
      case ExportKind::tag: break;
    }
  }
  return std::nullopt;
}

/// Gives the segments the addresses that had to be evaluated, and says which of them do not fit.
std::optional<Error> place_segments(const std::vector<OffsetExpression>& expressions,
                                    const std::vector<SegmentOffset>& offsets, ModuleFacts& facts) {
  for (std::size_t i = 0; i < expressions.size() && i < offsets.size(); ++i) {
    SegmentFact& segment = facts.segments[expressions[i].segment];
    segment.address = offsets[i].address;
    segment.offset_expression = offsets[i].expression;
  }
  for (SegmentFact& segment : facts.segments) {
    if (segment.passive) continue;
    if (segment.memory >= facts.memories.size())
      return Error{fmt::format("data segment {} is for memory {}, and there are {}", segment.index, segment.memory,
                               facts.memories.size()),
                   segment.file_offset};
    if (!segment.address) continue;
    const std::uint64_t limit = facts.memories[segment.memory].minimum_bytes();
    segment.out_of_bounds = *segment.address > limit || segment.bytes > limit - *segment.address;
  }
  return std::nullopt;
}

/// Whether a segment's bytes are copied to where memory is zero: it is then the first to write there.
void find_segments_on_zeros(ModuleFacts& facts) {
  std::vector<SegmentFact*> placed;
  const bool all_known =
      std::ranges::all_of(facts.segments, [](const SegmentFact& s) { return s.passive || s.address; });
  for (SegmentFact& segment : facts.segments) {
    const bool own =
        !segment.passive && segment.memory < facts.memories.size() && !facts.memories[segment.memory].import;
    segment.lands_on_zeros = own && all_known;
    if (own && segment.address && segment.bytes > 0) placed.push_back(&segment);
  }
  sort_if_needed(placed, [](const SegmentFact* a, const SegmentFact* b) {
    return std::pair(a->memory, *a->address) < std::pair(b->memory, *b->address);
  });
  SegmentFact* widest = nullptr;  // of those before, the one that ends last
  for (SegmentFact* segment : placed) {
    if (widest != nullptr && widest->memory == segment->memory && widest->end() > *segment->address) {
      segment->lands_on_zeros = false;
      widest->lands_on_zeros = false;
    }
    if (widest == nullptr || widest->memory != segment->memory || segment->end() > widest->end()) widest = segment;
  }
}

/// What the start function writes, and where it puts passive segments, when it calls nothing and every address in it is
/// a constant.
void describe_start(const std::vector<BodySummary>& bodies, ModuleFacts& facts) {
  if (!facts.start) return;
  const std::size_t imported = facts.functions.size() - bodies.size();
  if (facts.start->function < imported) return;
  const BodySummary& body = bodies[facts.start->function - imported];
  facts.start->fully_known = !body.writes_otherwise;
  facts.start->writes.assign(body.sure_writes.begin(), body.sure_writes.end());
  facts.start->may_write.assign(body.constant_writes.begin(), body.constant_writes.end());
  for (const SegmentInit& init : body.inits) {
    if (init.segment < facts.segments.size() && facts.segments[init.segment].passive)
      facts.segments[init.segment].address = init.address;
  }
}

void add_bodies(const std::vector<BodySummary>& bodies, ModuleFacts& facts) {
  const std::size_t imported = facts.functions.size() - bodies.size();
  std::size_t not_analysed = 0;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    FunctionFact& function = facts.functions[imported + i];
    function.file_offset = bodies[i].file_offset;
    function.bytes = bodies[i].bytes;
    function.analysed = bodies[i].analysed;
    if (!function.analysed) ++not_analysed;
    facts.growth.sites.insert(facts.growth.sites.end(), bodies[i].grows.begin(), bodies[i].grows.end());
    for (const std::uint32_t segment : bodies[i].dropped) {
      if (segment < facts.segments.size()) facts.segments[segment].dropped = true;
    }
  }
  if (not_analysed > 0) {
    facts.notes.push_back(fmt::format(
        "{} functions have an instruction that is not known here: what they do is not counted", not_analysed));
  }
}

/// What the scan needs to know. Its window of addresses that may be bss or the heap's start goes from the end of the
/// data to the end of the initial memory.
ScanInput scan_input(ByteSpan file, const SectionMap& map, TypeSection types, std::uint32_t imported,
                     const ModuleFacts& facts) {
  ScanInput input;
  input.types = std::move(types.types);
  input.function_types = read_function_types(file, map);
  input.imported_functions = imported;
  input.stack_pointer = likely_stack_pointer(facts);
  input.watched = named_allocating_functions(facts);
  if (const MemoryFact* memory = main_memory(facts)) {
    const auto data = placed_data(facts);
    input.window_low = data ? data->high : 1;
    input.window_high = memory->minimum_bytes() + 1;
  }
  return input;
}

/// The bodies, with frames counted by the global that turns out to be the stack pointer; the stack; and, beside the
/// first scan, the data that is there twice.
std::vector<BodySummary> scan_code_and_data(ByteSpan file, const SectionMap& map, ScanInput& input,
                                            ModuleFacts& facts) {
  std::vector<DuplicateData> duplicates;
  std::vector<BodySummary> bodies;
  do_both(
      file.size(), [&] { bodies = scan_bodies(file, map, input); },
      [&] { duplicates = find_duplicates(file, facts.segments, kDuplicateBytes); });
  facts.duplicates = std::move(duplicates);
  describe_start(bodies, facts);  // places the passive segments, which tell where the stack lies
  facts.stack = find_stack(facts, bodies);
  const auto pointer = facts.stack ? std::optional(facts.stack->pointer_global) : std::nullopt;
  if (pointer == input.stack_pointer) return bodies;
  input.stack_pointer = pointer;
  return scan_bodies(file, map, input);
}

/// Scans the code and says what follows from it.
void conclude(ByteSpan file, const SectionMap& map, ScanInput input, const FunctionTables& function_tables,
              const std::vector<RecursionLimit>& limits, ModuleFacts& facts) {
  std::vector<BodySummary> bodies = scan_code_and_data(file, map, input, facts);
  if (facts.stack) find_lost_frames(file, map, input, bodies);
  add_bodies(bodies, facts);
  const ModuleCode module_code{bodies, input, function_tables.tables, function_tables.segments,
                               function_tables.initial_functions};
  const CallTargets targets = find_call_targets(facts, module_code);
  facts.table_functions = targets.all;
  CallGraph graph;
  Components components;
  do_both(
      file.size(),
      [&] {
        find_allocators(file, bodies, input, facts);
        facts.map = make_memory_map(facts, bodies);
      },
      [&] {
        graph = make_call_graph(facts, module_code, targets);
        components = components_of(graph);
      });
  for (const std::string& name : unknown_limits(facts, limits))
    facts.notes.push_back(fmt::format("[stack.recursion] names \"{}\", and no function is called so", name));
  const auto prove_stack = [&] {
    if (facts.stack) prove_stack_bound(facts, module_code, targets, graph, components, limits, *facts.stack);
  };
  const auto find_heap = [&] { facts.heap = find_heap_demand(file, facts, module_code, graph, components); };
  // The proof fills in what `stack` says of functions and entries, and nothing beside it looks at that.
  do_both(file.size(), find_heap, prove_stack);
}

}  // namespace

Result<ModuleFacts> read_module(std::string path, ByteSpan file, std::uint64_t begin, std::uint64_t end,
                                const std::vector<RecursionLimit>& limits) {
  ModuleFacts facts;
  facts.path = std::move(path);
  facts.file_bytes = file.size();
  facts.module_offset = begin;

  WML_TRY(const SectionMap map, read_section_map(file, begin, end));
  WML_TRY(TypeSection types, read_type_section(file, map));
  WML_TRY(DataSection data, read_data_section(file, map));
  WML_TRY(std::vector<std::uint32_t> initial_values, functions_of_initial_values(file, map));
  std::optional<Result<std::vector<ExportEntry>>> exported;
  std::optional<Result<std::vector<ElementEntry>>> elements_read;
  std::optional<Result<Declarations>> declared;
  NameSection names;
  std::vector<std::string> notes_on_names;
  do_both(
      file.size(), [&] { declared = read_declarations(file, map, data.expressions, !initial_values.empty()); },
      [&] {
        exported = read_exports(file, map);
        elements_read = read_elements(file, map);
        names = read_names(file, map, notes_on_names);
      });
  WML_TRY(const std::vector<ExportEntry> exports, std::move(*exported));
  WML_TRY(std::vector<ElementEntry> elements, std::move(*elements_read));
  WML_TRY(Declarations declarations, std::move(*declared));

  facts.ranges = file_ranges(map);
  facts.uses_gc = types.has_objects;
  facts.has_data_count = map.find(SectionId::data_count) != nullptr;
  facts.relocatable = map.find_custom("linking") != nullptr;
  facts.toolchain.producers = read_producers(file, map, facts.notes);
  facts.dylink = read_dylink(file, map, facts.notes);
  facts.segments = std::move(data.segments);
  const auto imported = static_cast<std::uint32_t>(declarations.function_imports.size());
  WML_TRY(const std::uint32_t defined, count_functions(map));
  const std::size_t functions = std::size_t{imported} + defined;
  WML_TRY(facts.start, read_start(file, map, functions));
  WML_TRY(FunctionTables function_tables,
          make_tables(std::move(elements), map.find(SectionId::element), declarations.imported_tables,
                      std::move(initial_values), functions));
  const std::vector<SegmentOffset> offsets = std::move(declarations.segment_offsets);
  const std::uint32_t tags = declarations.tags;
  add_declarations(std::move(declarations), functions, facts);
  if (auto wrong = add_exports(exports, map.find(SectionId::export_), tags, function_tables.tables, facts))
    return *wrong;
  if (auto wrong = place_segments(data.expressions, offsets, facts)) return *wrong;
  find_segments_on_zeros(facts);
  add_names(names, facts);
  std::ranges::move(notes_on_names, std::back_inserter(facts.notes));
  facts.toolchain = find_toolchain(facts, map);

  conclude(file, map, scan_input(file, map, std::move(types), imported, facts), function_tables, limits, facts);
  return facts;
}

std::vector<BodySummary> scan_whole_module(ByteSpan file, std::optional<std::uint32_t> stack_pointer,
                                           std::uint64_t window_low, std::uint64_t window_high) {
  const auto map = read_section_map(file, 0, file.size());
  if (!map.ok()) return {};
  auto types = read_type_section(file, map.value());
  if (!types.ok()) return {};
  const Section* functions = map.value().find(SectionId::function);
  ScanInput input{.types = std::move(types.value().types), .stack_pointer = stack_pointer};
  input.function_types = read_function_types(file, map.value());
  const std::size_t defined = functions == nullptr ? 0 : functions->count;
  if (input.function_types.size() < defined) return {};
  input.imported_functions = static_cast<std::uint32_t>(input.function_types.size() - defined);
  input.window_low = window_low;
  input.window_high = window_high;
  return scan_bodies(file, map.value(), input);
}

}  // namespace wml
