#include "analyzer/wasm/allocator_names.h"

#include <algorithm>
#include <array>

namespace wml {
namespace {

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

struct RuntimeSign {
  std::string_view runtime;
  std::string_view function;
};

/// Names of functions and exports, whole. Ruby's are those of its npm packages, a WIT interface, and of its C API.
constexpr std::array<RuntimeSign, 4> kRuntimeSigns{{
    {".NET", "mono_wasm_load_runtime"},
    {"CPython", "PyObject_Malloc"},
    {"Ruby", "rb-gc-enable: func() -> bool"},
    {"Ruby", "rb_gc_enable"},
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
  // Most names are none of these, and long: one look instead of one for each part.
  const bool may_have_part =
      name.find("alloc") != std::string_view::npos || name.find("talc") != std::string_view::npos;
  const auto sign = std::ranges::find_if(kNameSigns, [&](const NameSign& candidate) {
    return (candidate.match != Match::part || may_have_part) && matches(candidate, name);
  });
  return sign == kNameSigns.end() ? nullptr : sign->allocator;
}

}  // namespace

std::vector<NamedAllocator> find_allocators_by_name(const ModuleFacts& facts) {
  std::vector<NamedAllocator> found;
  for (const FunctionFact& function : facts.functions) {
    if (function.import || function.name.empty()) continue;
    const Allocator* allocator = allocator_of(function.name);
    if (allocator == nullptr) continue;
    auto entry = std::ranges::find(found, allocator, &NamedAllocator::allocator);
    if (entry == found.end()) entry = found.insert(found.end(), NamedAllocator{allocator, function.name, {}});
    entry->functions.push_back(function.index);
  }
  return found;
}

std::optional<ManagedHeap> find_managed_heap(const ModuleFacts& facts) {
  const auto of_name = [](std::string_view name) -> std::optional<ManagedHeap> {
    const auto sign = std::ranges::find(kRuntimeSigns, name, &RuntimeSign::function);
    if (sign == kRuntimeSigns.end()) return std::nullopt;
    return ManagedHeap{std::string(sign->runtime), {Evidence::symbol, "function " + std::string(name)}};
  };
  for (const ExportedFunction& item : facts.function_exports) {
    if (auto found = of_name(item.name)) return found;
  }
  for (const FunctionFact& function : facts.functions) {
    if (function.import) continue;
    if (auto found = of_name(function.name)) return found;
  }
  return std::nullopt;
}

}  // namespace wml
