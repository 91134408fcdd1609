#include "analyzer/predict/estimate.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "analyzer/predict/growth.h"
#include "analyzer/sorted.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

constexpr std::uint64_t kOsPageBytes = 4096;

/// All memories together, in pages of 64 KiB.
std::uint64_t declared_pages(const ModuleFacts& module) {
  std::uint64_t pages = 0;
  for (const MemoryFact& memory : module.memories) pages = saturating_add(pages, pages_for(memory.minimum_bytes()));
  return pages;
}

/// The ranges of one memory that instantiation writes to, by address.
std::vector<Range> written_ranges(const ModuleFacts& module, std::uint32_t memory) {
  std::vector<Range> ranges;
  for (const SegmentFact& segment : module.segments) {
    if (segment.passive || segment.memory != memory || !segment.address || segment.bytes == 0 || segment.out_of_bounds)
      continue;
    ranges.push_back({*segment.address, segment.end()});
  }
  if (memory == 0 && module.start)
    ranges.insert(ranges.end(), module.start->writes.begin(), module.start->writes.end());
  sort_if_needed(ranges, std::ranges::less{}, &Range::low);
  return ranges;
}

/// How many pages of `page_bytes` the ranges touch, each page once.
std::uint64_t touched_pages(const std::vector<Range>& ranges, std::uint64_t page_bytes, std::uint64_t limit) {
  std::uint64_t pages = 0;
  std::uint64_t next_page = 0;
  for (const Range& range : ranges) {
    const std::uint64_t high = std::min(range.high, limit);
    if (range.low >= high) continue;
    const std::uint64_t first = std::max(range.low / page_bytes, next_page);
    const std::uint64_t end = (high - 1) / page_bytes + 1;
    if (end <= first) continue;
    pages += end - first;
    next_page = end;
  }
  return pages;
}

void count_touched(const ModuleFacts& module, Estimate& estimate) {
  for (const MemoryFact& memory : module.memories) {
    const std::vector<Range> ranges = written_ranges(module, memory.index);
    estimate.touched_at_start_pages += touched_pages(ranges, kPageBytes, memory.minimum_bytes());
    estimate.touched_at_start_bytes += kOsPageBytes * touched_pages(ranges, kOsPageBytes, memory.minimum_bytes());
  }
  const bool unknown_offsets = std::ranges::any_of(
      module.segments, [](const SegmentFact& segment) { return !segment.passive && !segment.address; });
  estimate.touched_is_complete = !unknown_offsets && (!module.start || module.start->fully_known);
}

void count_causes(const ModuleFacts& module, Estimate& estimate) {
  const auto add = [&estimate](RegionKind kind, std::uint64_t bytes) {
    auto cause = std::ranges::find(estimate.causes, kind, &Cause::kind);
    if (cause == estimate.causes.end()) cause = estimate.causes.insert(cause, Cause{kind, 0});
    cause->bytes += bytes;
  };
  for (const Region& region : module.map.regions) add(region.kind, region.high - region.low);
  for (std::size_t i = 1; i < module.memories.size(); ++i) {
    if (module.memories[i].minimum_bytes() > 0) add(RegionKind::unknown, module.memories[i].minimum_bytes());
  }
}

/// Stack, data and bss: none of it can be missing. Where the heap's start is unknown, what is known to be used.
std::uint64_t static_bytes(const ModuleFacts& module) {
  if (module.map.heap_base) return *module.map.heap_base;
  std::uint64_t end = 0;
  for (const Region& region : module.map.regions) {
    if (region.kind != RegionKind::static_or_heap && region.kind != RegionKind::unknown) end = region.high;
  }
  return std::max(end, module.map.static_end.value_or(0));
}

void find_bound(const ModuleFacts& module, Estimate& estimate) {
  std::uint64_t pages = 0;
  bool by_maximum = false;
  bool by_growth = false;
  for (const MemoryFact& memory : module.memories) {
    const bool grown_here =
        std::ranges::any_of(module.growth.sites, [&](const GrowSite& site) { return site.memory == memory.index; });
    const bool all_analysed = std::ranges::all_of(module.functions, &FunctionFact::analysed);
    if (memory.maximum_pages) {
      pages = saturating_add(pages, pages_for(*memory.maximum_bytes()));
      by_maximum = true;
    } else if (memory.import) {
      estimate.bound_basis = {Evidence::assumed,
                              "the memory is imported without a maximum: the host decides how large it is"};
      return;
    } else if (grown_here || !all_analysed) {
      estimate.bound_basis = {Evidence::assumed,
                              grown_here ? "memory.grow is there and the memory has no maximum"
                                         : "some functions could not be analysed and the memory has no maximum"};
      return;
    } else if (!memory.exports.empty()) {
      estimate.bound_basis = {Evidence::assumed, "the memory is exported without a maximum: its host can grow it"};
      return;
    } else {
      pages = saturating_add(pages, pages_for(memory.minimum_bytes()));
      by_growth = true;
    }
  }
  estimate.bound_pages = pages;
  if (by_maximum) estimate.bound_basis = {Evidence::declared, "the declared maximum"};
  if (by_growth)
    estimate.bound_basis = {Evidence::derived, by_maximum
                                                   ? "the declared maximum, and memory that nothing in the module grows"
                                                   : "nothing in the module grows memory"};
  if (module.memories.empty()) estimate.bound_basis = {Evidence::declared, "the module has no memory"};
}

bool can_grow(const ModuleFacts& module) { return !module.growth.sites.empty() || !module.growth.host_imports.empty(); }

/// What the allocator's growth model begins with. Nothing where it has no model, or the memory is not one that models
/// are for.
std::optional<HeapStart> heap_start(const ModuleFacts& module) {
  if (module.memories.size() != 1 || module.allocator.model == GrowthModel::unknown || module.dylink)
    return std::nullopt;
  const MemoryFact& memory = module.memories.front();
  if (memory.memory64 || memory.page_bytes != kPageBytes) return std::nullopt;
  constexpr std::uint64_t kMostPages = 65536;
  return HeapStart{.pages = memory.minimum_pages,
                   .heap_base = module.map.heap_base,
                   .maximum_pages = std::min(memory.maximum_pages.value_or(kMostPages), kMostPages),
                   .host_grows = module.allocator.policy == GrowthPolicy::host};
}

/// Pages after all allocations that the module can make, where these are proven and the allocator's growth is known.
void prove_own_pages(const ModuleFacts& module, Estimate& estimate) {
  if (!module.heap || !module.heap->proven()) return;
  auto start = heap_start(module);
  if (!start) return;
  // A guess is no proof, and the heap cannot begin behind the initial memory.
  if (module.map.heap_base_basis.evidence == Evidence::heuristic) start->heap_base.reset();
  estimate.own_pages = most_pages(module.allocator.model, *start, module.heap->requests);
}

/// What the first allocation makes of the initial memory, by the allocator's growth model.
void model_first_allocation(const ModuleFacts& module, Estimate& estimate) {
  const auto start = heap_start(module);
  // Of Rust's dlmalloc only the releases before 0.2.13 have the model.
  if (!start || !module.allocator.uses_initial_slack || !can_grow(module)) return;
  constexpr std::array<std::uint64_t, 1> kSmallRequest{16};
  if (const auto pages = pages_after(module.allocator.model, *start, kSmallRequest))
    estimate.after_first_allocation_pages = pages->front();
}

/// The measured peak and a quarter more, since another run may need more; no more than the budget where that holds it.
void recommend_measured(std::optional<std::uint64_t> budget_pages, Estimate& estimate) {
  const std::uint64_t peak = *estimate.measured_pages;
  std::uint64_t pages =
      std::min(saturating_add(peak, pages_for(peak, 4)), estimate.bound_pages.value_or(~std::uint64_t{0}));
  const bool limited = budget_pages && *budget_pages >= peak && *budget_pages < pages;
  if (limited) pages = *budget_pages;
  estimate.recommended_maximum_pages = pages;
  estimate.maximum_basis = {
      Evidence::measured,
      fmt::format("{} at the peak of {} run{}, and {}", pages_text(peak), estimate.measured_runs,
                  estimate.measured_runs == 1 ? "" : "s", limited ? "what the budget leaves" : "up to a quarter more")};
}

void recommend(const ModuleFacts& module, std::optional<std::uint64_t> budget_pages, Estimate& estimate) {
  if (module.memories.size() != 1 || module.memories.front().page_bytes != kPageBytes) {
    estimate.initial_basis = estimate.maximum_basis = {Evidence::assumed, "given for one memory of 64 KiB pages only"};
    return;
  }
  const bool knows_heap = module.map.heap_base.has_value();
  // An Emscripten host may refuse every request (its default), so only memory.grow in the module counts.
  const bool shrinkable =
      knows_heap && !module.growth.sites.empty() && module.allocator.policy != GrowthPolicy::unknown;
  estimate.recommended_initial_pages =
      shrinkable ? std::max(estimate.static_pages, std::uint64_t{1}) : estimate.minimum_pages;
  if (shrinkable) {
    estimate.initial_basis = {module.map.heap_base_basis.evidence,
                              "stack, data and bss up to the heap's start; the allocator grows from there"};
  } else {
    const char* why = !can_grow(module) ? "nothing in the module is known to grow memory"
                      : !knows_heap     ? "where the heap begins is unknown"
                                        : "how the allocator grows memory is unknown";
    estimate.initial_basis = {Evidence::assumed, fmt::format("as declared: {}", why)};
  }
  if (estimate.bound_pages == estimate.minimum_pages) {
    estimate.recommended_maximum_pages = estimate.bound_pages;
    estimate.maximum_basis = {estimate.bound_basis.evidence, "it cannot grow: " + estimate.bound_basis.how};
  } else if (estimate.own_pages) {
    estimate.recommended_maximum_pages =
        std::min(*estimate.own_pages, estimate.bound_pages.value_or(*estimate.own_pages));
    estimate.maximum_basis = {Evidence::derived, "all that the module can allocate: every request has a constant size"};
  } else if (estimate.measured_pages) {
    recommend_measured(budget_pages, estimate);
  } else if (budget_pages && *budget_pages >= estimate.minimum_pages) {
    estimate.recommended_maximum_pages = std::min(*budget_pages, estimate.bound_pages.value_or(*budget_pages));
    estimate.maximum_basis = {Evidence::assumed, "the budget; how much the heap needs is not known without a run"};
  } else {
    estimate.maximum_basis = {Evidence::assumed, "how much the heap needs is not known without a run or a budget"};
  }
}

}  // namespace

Estimate estimate_pages(const ModuleFacts& module, std::optional<std::uint64_t> budget_pages,
                        const std::optional<ProfileFacts>& profile) {
  Estimate estimate;
  if (profile && profile->peak_pages) {
    estimate.measured_pages = profile->peak_pages;
    estimate.measured_runs = profile->runs;
  }
  estimate.minimum_pages = declared_pages(module);
  estimate.static_pages = std::min(pages_for(static_bytes(module)), estimate.minimum_pages);
  count_touched(module, estimate);
  count_causes(module, estimate);
  find_bound(module, estimate);
  model_first_allocation(module, estimate);
  prove_own_pages(module, estimate);
  recommend(module, budget_pages, estimate);
  return estimate;
}

Verdict judge(const Estimate& estimate, std::uint64_t budget_pages) {
  Verdict verdict{.budget_pages = budget_pages};
  if (estimate.minimum_pages > budget_pages) {
    verdict.outcome = Outcome::cannot_fit;
    verdict.why = fmt::format("it starts with {}", pages_text(estimate.minimum_pages));
  } else if (estimate.bound_pages && *estimate.bound_pages <= budget_pages) {
    verdict.outcome = Outcome::fits;
    verdict.why =
        fmt::format("it can never have more than {}: {}", pages_text(*estimate.bound_pages), estimate.bound_basis.how);
  } else if (estimate.bound_pages) {
    verdict.why = fmt::format("its maximum is {} pages; declare a maximum of {} to prove it", *estimate.bound_pages,
                              budget_pages);
  } else {
    verdict.why =
        fmt::format("{}; a declared maximum of {} pages would prove it", estimate.bound_basis.how, budget_pages);
  }
  if (verdict.outcome == Outcome::not_proven && estimate.measured_pages) {
    verdict.why += fmt::format("; {} run{} took at most {}", estimate.measured_runs,
                               estimate.measured_runs == 1 ? "" : "s", pages_text(*estimate.measured_pages));
  }
  return verdict;
}

}  // namespace wml
