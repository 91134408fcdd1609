#include "analyzer/report/json.h"

#include <algorithm>

#include "analyzer/demangle.h"
#include "analyzer/report/json_parts.h"
#include "rules/rule.h"

namespace wml {
namespace {

constexpr std::size_t kLargestSegments = 10;

Json to_json(const std::optional<ImportName>& import) {
  if (!import) return nullptr;
  return {{"module", import->module}, {"name", import->name}};
}

Json to_json(const MemoryFact& memory) {
  return {{"index", memory.index},
          {"minimum_pages", memory.minimum_pages},
          {"maximum_pages", or_null(memory.maximum_pages)},
          {"page_size", memory.page_bytes},
          {"minimum_bytes", memory.minimum_bytes()},
          {"maximum_bytes", or_null(memory.maximum_bytes())},
          {"shared", memory.shared},
          {"memory64", memory.memory64},
          {"import", to_json(memory.import)},
          {"exports", memory.exports}};
}

Json to_json(const SegmentFact& segment) {
  return {{"index", segment.index},
          {"name", segment.name.empty() ? Json(nullptr) : Json(demangle(segment.name))},
          {"passive", segment.passive},
          {"memory", segment.passive ? Json(nullptr) : Json(segment.memory)},
          {"offset", or_null(segment.address)},
          {"offset_expression", segment.offset_expression.empty() ? Json(nullptr) : Json(segment.offset_expression)},
          {"bytes", segment.bytes},
          {"zero_bytes", segment.zero_bytes},
          {"file_offset", segment.file_offset}};
}

Json data_json(const ModuleFacts& module) {
  std::uint64_t bytes = 0, zeros = 0, passive = 0, out_of_bounds = 0;
  std::vector<const SegmentFact*> largest;
  for (const SegmentFact& segment : module.segments) {
    bytes += segment.bytes;
    zeros += segment.zero_bytes;
    passive += segment.passive ? 1 : 0;
    out_of_bounds += segment.out_of_bounds ? 1 : 0;
    largest.push_back(&segment);
  }
  const std::size_t shown = std::min(largest.size(), kLargestSegments);
  std::ranges::partial_sort(largest, largest.begin() + static_cast<std::ptrdiff_t>(shown),
                            [](const SegmentFact* a, const SegmentFact* b) {
                              return std::pair(b->bytes, a->index) < std::pair(a->bytes, b->index);
                            });
  Json list = Json::array();
  for (std::size_t i = 0; i < shown; ++i) list.push_back(to_json(*largest[i]));
  const DataCoverage covered = data_coverage(module);
  return {{"segments", module.segments.size()},
          {"active", module.segments.size() - passive},
          {"passive", passive},
          {"bytes", bytes},
          {"zero_bytes", zeros},
          {"static_end", or_null(module.map.static_end)},
          {"static_end_evidence", to_string(module.map.static_end_basis.evidence)},
          {"gap_bytes", covered.gaps},
          {"overlap_bytes", covered.overlaps},
          {"out_of_bounds", out_of_bounds},
          {"largest", list}};
}

Json map_json(const ModuleFacts& module) {
  Json regions = Json::array();
  for (const Region& region : module.map.regions) {
    regions.push_back({{"kind", to_string(region.kind)},
                       {"low", region.low},
                       {"high", region.high},
                       {"evidence", to_string(region.basis.evidence)},
                       {"how", region.basis.how}});
  }
  Json layout = nullptr;
  if (module.stack && module.stack->place)
    layout = *module.stack->place == StackPlace::first ? "stack-first" : "data-first";
  return {{"layout", layout},
          {"heap_base", or_null(module.map.heap_base)},
          {"heap_base_evidence", to_string(module.map.heap_base_basis.evidence)},
          {"heap_base_how", module.map.heap_base_basis.how},
          {"regions", regions}};
}

Json allocator_json(const ModuleFacts& module) {
  const AllocatorFact& allocator = module.allocator;
  Json managed = nullptr;
  if (allocator.managed) {
    managed = {{"name", allocator.managed->name},
               {"evidence", to_string(allocator.managed->basis.evidence)},
               {"how", allocator.managed->basis.how}};
  }
  return {{"name", allocator.name},
          {"evidence", to_string(allocator.basis.evidence)},
          {"how", allocator.basis.how},
          {"confidence", to_string(allocator.confidence)},
          {"code_bytes", or_null(allocator.code_bytes)},
          {"static_bytes", or_null(allocator.static_bytes)},
          {"growth_policy", to_string(allocator.policy)},
          {"growth_step", or_null(allocator.growth_step_pages)},
          {"growth_model", allocator.model == GrowthModel::unknown ? Json(nullptr) : Json(to_string(allocator.model))},
          {"uses_initial_slack", or_null(allocator.uses_initial_slack)},
          {"returns_pages", false},
          {"managed_heap", managed},
          {"others", module.other_allocators}};
}

Json growth_json(const ModuleFacts& module) {
  Json sites = Json::array();
  for (const GrowSite& site : module.growth.sites) {
    const std::string& name = module.functions[site.function].name;
    sites.push_back({{"function", site.function},
                     {"function_name", name.empty() ? Json(nullptr) : Json(demangle(name))},
                     {"offset", site.file_offset},
                     {"memory", site.memory},
                     {"delta_pages", or_null(site.delta_pages)},
                     {"result", to_string(site.result)}});
  }
  Json imports = Json::array();
  for (const ImportName& import : module.growth.host_imports) imports.push_back(to_json(std::optional(import)));
  return {{"sites", sites}, {"host_imports", imports}};
}

Json estimate_json(const ModuleReport& report) {
  const Estimate& estimate = report.estimate;
  Json causes = Json::array();
  for (const Cause& cause : estimate.causes)
    causes.push_back({{"kind", to_string(cause.kind)}, {"bytes", cause.bytes}});
  return {{"minimum_pages", estimate.minimum_pages},
          {"touched_at_start_pages", estimate.touched_at_start_pages},
          {"touched_at_start_bytes", estimate.touched_at_start_bytes},
          {"touched_is_complete", estimate.touched_is_complete},
          {"static_pages", estimate.static_pages},
          {"after_first_allocation_pages", or_null(estimate.after_first_allocation_pages)},
          {"own_pages", or_null(estimate.own_pages)},
          {"measured_pages", or_null(estimate.measured_pages)},
          {"bound_pages", or_null(estimate.bound_pages)},
          {"bound_evidence", to_string(estimate.bound_basis.evidence)},
          {"bound_how", estimate.bound_basis.how},
          {"causes", causes},
          {"recommended_initial_pages", or_null(estimate.recommended_initial_pages)},
          {"recommended_initial_how", estimate.initial_basis.how},
          {"recommended_maximum_pages", or_null(estimate.recommended_maximum_pages)},
          {"recommended_maximum_how", estimate.maximum_basis.how},
          {"once_fixed",
           {{"certain_pages", report.prediction.certain_pages},
            {"possible_pages", report.prediction.possible_pages},
            {"file_bytes_saved", report.prediction.file_bytes_saved}}}};
}

Json heap_json(const ModuleFacts& module) {
  if (!module.heap) return nullptr;
  constexpr std::size_t kShown = 50;
  const HeapDemand& heap = *module.heap;
  Json obstacles = Json::array();
  for (std::size_t i = 0; i < std::min(kShown, heap.obstacles.size()); ++i) {
    const HeapSite& site = heap.obstacles[i];
    Json entry = function_json(module, site.function);
    entry["calls"] = function_json(module, site.callee);
    entry["file_offset"] = site.file_offset;
    entry["bytes"] = or_null(site.bytes);
    entry["reason"] = to_string(site.obstacle);
    obstacles.push_back(std::move(entry));
  }
  Json growers = Json::array();
  for (const std::uint32_t function : heap.growers) growers.push_back(function_json(module, function));
  return {{"bytes", heap.proven() ? Json(heap.bytes()) : Json(nullptr)},
          {"sites", heap.sites},
          {"obstacles", obstacles},
          {"obstacle_count", heap.obstacles.size()},
          {"growers", growers}};
}

Json resident_json(const std::optional<Resident>& resident) {
  if (!resident) return nullptr;
  return {{"runtime", to_string(resident->runtime)},
          {"measured_on", measured_version(resident->runtime)},
          {"bytes", resident->total()},
          {"base_bytes", resident->base_bytes},
          {"memory_bytes", resident->memory_bytes},
          {"code_bytes", resident->code_bytes},
          {"data_bytes", resident->data_bytes},
          {"custom_bytes", resident->custom_bytes}};
}

Json profile_json(const std::optional<ProfileFacts>& profile) {
  if (!profile) return nullptr;
  return {{"runs", profile->runs},
          {"stack_peak_bytes", or_null(profile->stack_peak_bytes)},
          {"peak_pages", or_null(profile->peak_pages)}};
}

Json where_json(const Location& where) {
  if (!where.wasm) return nullptr;
  const WasmLocation& wasm = *where.wasm;
  return {{"offset", or_null(wasm.file_offset)},
          {"function", or_null(wasm.function)},
          {"function_name", wasm.function_name.empty() ? Json(nullptr) : Json(demangle(wasm.function_name))},
          {"segment", or_null(wasm.segment)},
          {"address", or_null(wasm.address)}};
}

Json to_json(const Finding& finding) {
  Json saving = nullptr;
  if (finding.saving) {
    const bool memory = finding.saving->space == Space::linear_memory;
    saving = {{"space", memory ? "linear-memory" : "file"},
              {"low_bytes", finding.saving->low_bytes},
              {"high_bytes", finding.saving->high_bytes},
              {"pages", memory ? finding.saving->high_bytes / kPageBytes : 0}};
  }
  return {{"rule", finding.rule->id},   {"severity", to_string(finding.severity)},
          {"message", finding.message}, {"where", where_json(finding.where)},
          {"saving", saving},           {"help", finding.help}};
}

std::string_view to_string(ModuleFormat format) {
  switch (format) {
    case ModuleFormat::binary: return "binary";
    case ModuleFormat::text: return "text";
    case ModuleFormat::component: return "component";
  }
  return "binary";
}

Json toolchain_json(const ToolchainFact& toolchain) {
  Json producers = Json::array();
  for (const Producer& producer : toolchain.producers) {
    producers.push_back({{"field", producer.field}, {"name", producer.name}, {"version", producer.version}});
  }
  return {{"name", to_string(toolchain.id)},
          {"evidence", to_string(toolchain.basis.evidence)},
          {"how", toolchain.basis.how},
          {"producers", producers}};
}

Json to_json(const ModuleReport& report) {
  if (report.error) return error_json(report);
  const ModuleFacts& module = report.module;
  Json memories = Json::array();
  for (const MemoryFact& memory : module.memories) memories.push_back(to_json(memory));
  Json sections = Json::array();
  for (const FileRange& range : module.ranges) {
    sections.push_back(
        {{"name", range.name}, {"label", range.label}, {"offset", range.offset}, {"bytes", range.bytes}});
  }
  Json labels = Json::object();
  for (const LabelBytes& label : bytes_by_label(module)) labels[label.label] = label.bytes;
  Json verdict = nullptr;
  if (report.verdict) {
    verdict = {{"budget_pages", report.verdict->budget_pages},
               {"outcome", to_string(report.verdict->outcome)},
               {"why", report.verdict->why}};
  }
  Json start = nullptr;
  if (module.start) start = {{"function", module.start->function}, {"writes_known", module.start->fully_known}};
  Json dylink = nullptr;
  if (module.dylink)
    dylink = {{"memory_bytes", module.dylink->memory_bytes}, {"memory_alignment", module.dylink->memory_alignment}};
  Json findings = Json::array();
  for (const Finding& finding : report.rules.findings) findings.push_back(to_json(finding));
  return {{"path", report.path},
          {"error", nullptr},
          {"format", to_string(module.format)},
          {"component", component_json(module)},
          {"file_bytes", module.file_bytes},
          {"toolchain", toolchain_json(module.toolchain)},
          {"memories", memories},
          {"data", data_json(module)},
          {"map", map_json(module)},
          {"stack", stack_json(module, ListLength::shown)},
          {"sections", sections},
          {"labels", labels},
          {"allocator", allocator_json(module)},
          {"growth", growth_json(module)},
          {"heap", heap_json(module)},
          {"start", start},
          {"dylink", dylink},
          {"estimate", estimate_json(report)},
          {"profile", profile_json(report.profile)},
          {"resident", resident_json(report.resident)},
          {"verdict", verdict},
          {"findings", findings},
          {"suppressed", report.rules.suppressed},
          {"notes", module.notes}};
}

}  // namespace

std::string to_json(std::span<const ModuleReport> reports) {
  Json modules = Json::array();
  for (const ModuleReport& report : reports) modules.push_back(to_json(report));
  return json_report(std::move(modules));
}

}  // namespace wml
