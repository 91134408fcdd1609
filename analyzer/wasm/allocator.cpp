#include "analyzer/wasm/allocator.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace wml {
namespace {

/// What is known of an allocator: docs/prediction.md has the source of each row.
struct Allocator {
  std::string_view name;
  GrowthPolicy policy;
  std::optional<std::uint64_t> step_pages;
  std::optional<bool> uses_initial_slack;
};

constexpr Allocator kDlmalloc{"dlmalloc", GrowthPolicy::exact, 1, true};
constexpr Allocator kDlmallocEmscripten{"dlmalloc (Emscripten)", GrowthPolicy::host, std::nullopt, true};
// Releases before 0.2.13 grow by a page at the first allocation, whatever is free; later ones use the slack first.
constexpr Allocator kDlmallocRust{"dlmalloc (Rust)", GrowthPolicy::exact, 1, std::nullopt};
constexpr Allocator kEmmalloc{"emmalloc", GrowthPolicy::exact, 1, true};
constexpr Allocator kMimalloc{"mimalloc", GrowthPolicy::at_least_step, std::nullopt, std::nullopt};
constexpr Allocator kWee{"wee_alloc", GrowthPolicy::exact, 1, false};
constexpr Allocator kTalc{"talc", GrowthPolicy::exact, 1, std::nullopt};
constexpr Allocator kLol{"lol_alloc", GrowthPolicy::exact, 1, std::nullopt};
constexpr Allocator kZig{"Zig WasmAllocator", GrowthPolicy::at_least_step, 1, false};
constexpr Allocator kTinyGo{"TinyGo GC", GrowthPolicy::doubling, std::nullopt, true};
constexpr Allocator kGo{"Go runtime", GrowthPolicy::at_least_step, 64, std::nullopt};
constexpr Allocator kTlsf{"AssemblyScript TLSF", GrowthPolicy::doubling, std::nullopt, true};
constexpr Allocator kAsStub{"AssemblyScript stub", GrowthPolicy::doubling, std::nullopt, true};

/// How a function's name, as it stands in the name section, gives an allocator away.
enum class Match { part, prefix, whole };

struct NameSign {
  const Allocator* allocator;
  Match match;
  std::string_view text;
};

/// Names with a path in them are looked for anywhere (mangled names put more around them); C names must stand whole or
/// at the start: "mi_" is a part of many words.
constexpr std::array<NameSign, 31> kNameSigns{{
    {&kDlmallocRust, Match::part, "8dlmalloc8dlmalloc"},
    {&kDlmallocRust, Match::part, "dlmalloc::dlmalloc"},
    {&kWee, Match::part, "9wee_alloc"},
    {&kWee, Match::part, "wee_alloc::"},
    {&kTalc, Match::part, "4talc4talc"},
    {&kTalc, Match::prefix, "talc::"},
    {&kLol, Match::part, "9lol_alloc"},
    {&kLol, Match::part, "lol_alloc::"},
    {&kTinyGo, Match::whole, "runtime.growHeap"},
    {&kTinyGo, Match::whole, "runtime.runGC"},
    {&kGo, Match::whole, "runtime.mallocgc"},
    {&kGo, Match::prefix, "runtime.(*mheap)"},
    {&kTlsf, Match::prefix, "~lib/rt/tlsf/"},
    {&kAsStub, Match::prefix, "~lib/rt/stub/"},
    {&kZig, Match::prefix, "heap.WasmAllocator"},
    {&kZig, Match::prefix, "heap.wasm_allocator"},
    {&kMimalloc, Match::whole, "mi_malloc"},
    {&kMimalloc, Match::prefix, "mi_heap_"},
    {&kMimalloc, Match::prefix, "_mi_"},
    {&kEmmalloc, Match::prefix, "emmalloc_"},
    {&kEmmalloc, Match::whole, "claim_more_memory"},
    {&kDlmalloc, Match::whole, "dlmalloc"},
    {&kDlmalloc, Match::whole, "dlfree"},
    {&kDlmalloc, Match::whole, "dlrealloc"},
    {&kDlmalloc, Match::whole, "dlcalloc"},
    {&kDlmalloc, Match::whole, "dlmemalign"},
    {&kDlmalloc, Match::whole, "dlposix_memalign"},
    {&kDlmalloc, Match::whole, "internal_memalign"},
    {&kDlmalloc, Match::whole, "dispose_chunk"},
    {&kDlmalloc, Match::whole, "try_realloc_chunk"},
    {&kDlmalloc, Match::whole, "tmalloc_small"},
}};

bool matches(const NameSign& sign, std::string_view name) {
  switch (sign.match) {
    case Match::part: return name.find(sign.text) != std::string_view::npos;
    case Match::prefix: return name.starts_with(sign.text);
    case Match::whole: return name == sign.text;
  }
  return false;
}

const Allocator* allocator_of(std::string_view name) {
  const auto sign =
      std::ranges::find_if(kNameSigns, [name](const NameSign& candidate) { return matches(candidate, name); });
  return sign == kNameSigns.end() ? nullptr : sign->allocator;
}

struct Found {
  const Allocator* allocator;
  std::string first_name;
  std::uint64_t functions = 0;
  std::uint64_t code_bytes = 0;
};

std::vector<Found> find_by_names(const ModuleFacts& facts) {
  std::vector<Found> found;
  for (const FunctionFact& function : facts.functions) {
    if (function.import || function.name.empty()) continue;
    const Allocator* allocator = allocator_of(function.name);
    if (allocator == nullptr) continue;
    auto entry = std::ranges::find(found, allocator, &Found::allocator);
    if (entry == found.end()) entry = found.insert(found.end(), Found{allocator, function.name});
    ++entry->functions;
    entry->code_bytes += function.bytes;
  }
  return found;
}

AllocatorFact to_fact(const Found& found, bool host_grows) {
  const Allocator& allocator = found.allocator == &kDlmalloc && host_grows ? kDlmallocEmscripten : *found.allocator;
  AllocatorFact fact{.name = std::string(allocator.name)};
  fact.basis = {Evidence::symbol,
                fmt::format("{} functions have its names, {} is one", found.functions, found.first_name)};
  fact.code_bytes = found.code_bytes;
  fact.policy = allocator.policy;
  fact.growth_step_pages = allocator.step_pages;
  fact.uses_initial_slack = allocator.uses_initial_slack;
  return fact;
}

bool exports_function(const ModuleFacts& facts, std::string_view name) {
  return std::ranges::find(facts.function_exports, name, &ExportedFunction::name) != facts.function_exports.end();
}

AllocatorFact by_toolchain(const ModuleFacts& facts) {
  AllocatorFact fact;
  if (facts.toolchain.id == Toolchain::go) {
    fact.name = kGo.name;
    fact.basis = {facts.toolchain.basis.evidence, "made by Go: " + facts.toolchain.basis.how};
    fact.policy = kGo.policy;
    fact.growth_step_pages = kGo.step_pages;
  } else if (facts.toolchain.id == Toolchain::tinygo) {
    fact.name = "TinyGo runtime";
    fact.basis = {facts.toolchain.basis.evidence, "made by TinyGo: " + facts.toolchain.basis.how};
    fact.policy = kTinyGo.policy;
    fact.uses_initial_slack = kTinyGo.uses_initial_slack;
  } else if (facts.functions.empty()) {
    fact.name = "none";
    fact.basis = {Evidence::derived, "the module has no functions"};
  } else if (exports_function(facts, "malloc") || exports_function(facts, "_malloc")) {
    fact.basis = {Evidence::symbol, "it exports malloc, but no name tells which allocator that is"};
  } else {
    fact.basis = {Evidence::assumed, "no function name or import tells"};
  }
  return fact;
}

}  // namespace

std::vector<ImportName> find_growth_imports(const ModuleFacts& facts) {
  constexpr std::array<std::string_view, 4> kNames{"emscripten_resize_heap", "_emscripten_resize_heap", "enlargeMemory",
                                                   "_enlargeMemory"};
  std::vector<ImportName> found;
  for (const FunctionFact& function : facts.functions) {
    if (!function.import) break;  // imports come first
    if (std::ranges::find(kNames, function.import->name) != kNames.end()) found.push_back(*function.import);
  }
  return found;
}

Allocators find_allocators(const ModuleFacts& facts) {
  std::vector<Found> found = find_by_names(facts);
  if (found.empty()) return {by_toolchain(facts), {}};
  // mimalloc on Emscripten takes its pages from emmalloc: one allocator on top of another.
  const bool mimalloc = std::ranges::find(found, &kMimalloc, &Found::allocator) != found.end();
  if (mimalloc) std::erase_if(found, [](const Found& entry) { return entry.allocator == &kEmmalloc; });
  std::ranges::stable_sort(found, std::ranges::greater{}, &Found::code_bytes);
  Allocators result{to_fact(found.front(), !find_growth_imports(facts).empty()), {}};
  for (std::size_t i = 1; i < found.size(); ++i) result.others.emplace_back(found[i].allocator->name);
  return result;
}

}  // namespace wml
