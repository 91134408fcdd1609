#include "analyzer/wasm/allocator.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/wasm/allocator_fingerprint.h"
#include "analyzer/wasm/allocator_kinds.h"
#include "analyzer/wasm/allocator_names.h"

namespace wml {
namespace {

/// Bytes of the allocator's functions and of those that only they call.
std::uint64_t code_bytes(std::vector<std::uint32_t> own, const std::vector<BodySummary>& bodies, const ScanInput& input,
                         const ModuleFacts& facts) {
  const std::size_t count = facts.functions.size();
  std::vector<std::vector<std::uint32_t>> callers(count);
  std::vector<bool> kept_out(count);  // can be entered in another way than by a direct call
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    for (const Call& call : bodies[i].calls) {
      if (call.callee < count) callers[call.callee].push_back(input.imported_functions + static_cast<std::uint32_t>(i));
    }
    for (const std::uint32_t function : bodies[i].references) {
      if (function < count) kept_out[function] = true;
    }
  }
  for (const ExportedFunction& item : facts.function_exports) kept_out[item.function] = true;
  for (const std::uint32_t function : facts.table_functions) kept_out[function] = true;
  if (facts.start) kept_out[facts.start->function] = true;
  std::vector<bool> is_own(count);
  for (const std::uint32_t function : own) is_own[function] = true;
  std::uint64_t bytes = 0;
  while (!own.empty()) {
    const std::uint32_t function = own.back();
    own.pop_back();
    bytes += facts.functions[function].bytes;
    for (const Call& call : bodies[function - input.imported_functions].calls) {
      if (call.callee < input.imported_functions || call.callee >= count || is_own[call.callee] ||
          kept_out[call.callee] || !std::ranges::all_of(callers[call.callee], [&](auto by) { return is_own[by]; })) {
        continue;
      }
      is_own[call.callee] = true;
      own.push_back(call.callee);
    }
  }
  return bytes;
}

AllocatorFact to_fact(const Allocator& allocator) {
  AllocatorFact fact{.name = std::string(allocator.name)};
  fact.policy = allocator.policy;
  fact.growth_step_pages = allocator.step_pages;
  fact.uses_initial_slack = allocator.uses_initial_slack;
  fact.model = allocator.model;
  fact.static_bytes = allocator.state_bytes;
  return fact;
}

/// dlmalloc and emmalloc ask sbrk, which on Emscripten asks the host.
void let_host_grow(AllocatorFact& fact) {
  if (fact.name == kDlmalloc.name) fact = to_fact(kDlmallocEmscripten);
  fact.policy = GrowthPolicy::host;
  fact.growth_step_pages.reset();
}

bool exports_function(const ModuleFacts& facts, std::string_view name) {
  return std::ranges::find(facts.function_exports, name, &ExportedFunction::name) != facts.function_exports.end();
}

std::optional<AllocatorFact> by_toolchain(const ModuleFacts& facts) {
  AllocatorFact fact;
  if (facts.toolchain.id == Toolchain::go) {
    fact = to_fact(kGo);
    fact.basis = {facts.toolchain.basis.evidence, "made by Go: " + facts.toolchain.basis.how};
  } else if (facts.toolchain.id == Toolchain::tinygo) {
    fact = to_fact(kTinyGo);
    fact.name = "TinyGo runtime";
    fact.basis = {facts.toolchain.basis.evidence, "made by TinyGo: " + facts.toolchain.basis.how};
  } else if (facts.functions.empty()) {
    fact.name = "none";
    fact.basis = {Evidence::derived, "the module has no functions"};
  } else {
    return std::nullopt;
  }
  fact.confidence = Confidence::high;
  return fact;
}

AllocatorFact by_fingerprint(const Fingerprint& found) {
  AllocatorFact fact;
  if (found.allocator != nullptr) {
    fact = to_fact(*found.allocator);
    // The signs of these were seen in one module alone.
    const bool rare = found.allocator == &kMimalloc || found.allocator == &kTalc;
    fact.confidence = rare ? Confidence::medium : Confidence::high;
  } else {
    fact.policy = found.policy;
    fact.confidence = Confidence::medium;
  }
  fact.basis = {Evidence::heuristic, found.how};
  return fact;
}

std::vector<ImportName> growth_imports_by_name(const ModuleFacts& facts) {
  constexpr std::array<std::string_view, 4> kNames{"emscripten_resize_heap", "_emscripten_resize_heap", "enlargeMemory",
                                                   "_enlargeMemory"};
  std::vector<ImportName> found;
  for (const FunctionFact& function : facts.functions) {
    if (!function.import) break;  // imports come first
    if (std::ranges::find(kNames, function.import->name) != kNames.end()) found.push_back(*function.import);
  }
  return found;
}

std::vector<NamedAllocator> find_named(const ModuleFacts& facts) {
  std::vector<NamedAllocator> found = find_allocators_by_name(facts);
  // mimalloc on Emscripten takes its pages from emmalloc: one allocator on top of another.
  const bool mimalloc = std::ranges::find(found, &kMimalloc, &NamedAllocator::allocator) != found.end();
  if (mimalloc) std::erase_if(found, [](const NamedAllocator& entry) { return entry.allocator == &kEmmalloc; });
  std::ranges::stable_sort(found, std::ranges::greater{}, [&](const NamedAllocator& entry) {
    std::uint64_t bytes = 0;
    for (const std::uint32_t function : entry.functions) bytes += facts.functions[function].bytes;
    return bytes;
  });
  return found;
}

void name_allocators(ByteSpan file, const std::vector<BodySummary>& bodies, const ScanInput& input,
                     ModuleFacts& facts) {
  facts.growth.host_imports = growth_imports_by_name(facts);
  const bool grows_itself = !facts.growth.sites.empty();
  const auto let_import_grow = [&facts](std::optional<std::uint32_t> import) {
    if (facts.growth.host_imports.empty() && import)
      facts.growth.host_imports.push_back(*facts.functions[*import].import);
  };
  const std::vector<NamedAllocator> named = find_named(facts);
  if (!named.empty()) {
    const NamedAllocator& main = named.front();
    facts.allocator = to_fact(*main.allocator);
    facts.allocator.basis = {Evidence::symbol, fmt::format("{} functions have its names, {} is one",
                                                           main.functions.size(), main.first_name)};
    facts.allocator.confidence = Confidence::high;
    const bool asks = main.allocator == &kDlmalloc || main.allocator == &kEmmalloc || main.allocator == &kMimalloc;
    if (asks) let_import_grow(find_growth_import(bodies, input));
    if (asks && !grows_itself) {
      const Basis basis = facts.allocator.basis;
      let_host_grow(facts.allocator);
      facts.allocator.basis = basis;
      facts.allocator.confidence = Confidence::high;
    }
    facts.allocator.functions = main.functions;
    facts.allocator.code_bytes = code_bytes(main.functions, bodies, input, facts);
    for (std::size_t i = 1; i < named.size(); ++i) facts.other_allocators.emplace_back(named[i].allocator->name);
    return;
  }
  if (auto known = by_toolchain(facts)) {
    facts.allocator = std::move(*known);
    return;
  }
  if (const auto found = find_fingerprint(file, facts, bodies, input)) {
    facts.allocator = by_fingerprint(*found);
    let_import_grow(found->growth_import);
    const bool asks =
        found->allocator == &kDlmalloc || found->allocator == &kEmmalloc || found->allocator == &kMimalloc;
    if (asks && !grows_itself) {
      let_host_grow(facts.allocator);
      const Confidence confidence = by_fingerprint(*found).confidence;
      facts.allocator.basis = {Evidence::heuristic, found->how};
      facts.allocator.confidence = confidence;
    }
    facts.allocator.functions = found->functions;
    if (!found->functions.empty()) facts.allocator.code_bytes = code_bytes(found->functions, bodies, input, facts);
    return;
  }
  const bool exports_malloc = exports_function(facts, "malloc") || exports_function(facts, "_malloc");
  facts.allocator.basis = {exports_malloc ? Evidence::symbol : Evidence::assumed,
                           exports_malloc ? "it exports malloc, but no name and no code tells which allocator that is"
                                          : "no function name, no import and no code tells"};
}

/// What holds only for some builds of the allocator is taken back where the module may be another one.
void settle_details(ByteSpan file, const std::vector<BodySummary>& bodies, const ScanInput& input, ModuleFacts& facts) {
  AllocatorFact& allocator = facts.allocator;
  const bool memory64 = std::ranges::any_of(facts.memories, &MemoryFact::memory64);
  const bool shared = std::ranges::any_of(facts.memories, &MemoryFact::shared);
  if (memory64 || shared) allocator.static_bytes.reset();  // wider pointers; locks
  if (memory64) allocator.model = GrowthModel::unknown;
  if (allocator.model != GrowthModel::dlmalloc && allocator.model != GrowthModel::dlmalloc_sbrk) return;
  const auto alignment = find_dlmalloc_alignment(file, bodies, input, allocator.functions);
  // Emscripten's with blocks in steps of 16 moves sbrk's end; no such build was at hand to hold a model to.
  const bool emscripten = allocator.model == GrowthModel::dlmalloc_sbrk ||
                          facts.toolchain.id == Toolchain::emscripten || facts.toolchain.id == Toolchain::dotnet;
  if (alignment == 8) {
    allocator.model = GrowthModel::dlmalloc_sbrk;
  } else if (alignment != 16 || emscripten) {
    allocator.model = GrowthModel::unknown;
  }
}

}  // namespace

void find_allocators(ByteSpan file, const std::vector<BodySummary>& bodies, const ScanInput& input,
                     ModuleFacts& facts) {
  name_allocators(file, bodies, input, facts);
  settle_details(file, bodies, input, facts);
  facts.allocator.managed = find_managed_heap(facts);
}

}  // namespace wml
