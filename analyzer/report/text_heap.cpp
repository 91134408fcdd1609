#include "analyzer/report/text_heap.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/printable.h"
#include "analyzer/report/text_parts.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

std::string allocator_text(const AllocatorFact& allocator) {
  std::string text = allocator.name;
  switch (allocator.policy) {
    case GrowthPolicy::unknown: break;
    case GrowthPolicy::exact: text += ", grows by what is missing"; break;
    case GrowthPolicy::whole_request: text += ", grows by the whole request"; break;
    case GrowthPolicy::at_least_step: text += ", grows in steps"; break;
    case GrowthPolicy::doubling: text += ", doubles memory"; break;
    case GrowthPolicy::host: text += ", asks the host to grow"; break;
  }
  if (allocator.growth_step_pages && *allocator.growth_step_pages > 1)
    text += fmt::format(" of {}", pages_text(*allocator.growth_step_pages));
  if (allocator.uses_initial_slack)
    text += *allocator.uses_initial_slack ? ", uses the initial heap first" : ", leaves the initial heap unused";
  if (allocator.code_bytes) text += fmt::format(", {} of code", bytes_text(*allocator.code_bytes));
  if (allocator.static_bytes) text += fmt::format(", {} of state", bytes_text(*allocator.static_bytes));
  return text;
}

std::string growth_text(const ModuleFacts& module) {
  std::string text;
  if (!module.growth.sites.empty()) {
    std::size_t constant = 0, ignored = 0;
    for (const GrowSite& site : module.growth.sites) {
      constant += site.delta_pages ? 1 : 0;
      ignored += site.result == GrowResult::ignored ? 1 : 0;
    }
    text = fmt::format("{} memory.grow", module.growth.sites.size());
    if (constant > 0) text += fmt::format(" ({} by a constant)", constant);
    if (ignored > 0) text += fmt::format(" ({} without a check)", ignored);
  }
  for (const ImportName& import : module.growth.host_imports) {
    text +=
        fmt::format("{}the host, by {}.{}", text.empty() ? "" : "; ", printable(import.module), printable(import.name));
  }
  if (text.empty()) return "no memory.grow, and no import that is known to grow memory";
  return text + "; no page is ever given back";
}

std::string site_text(const ModuleFacts& module, const HeapSite& site) {
  std::string text = fmt::format("{} asks for {}", function_text(module, site.function),
                                 site.bytes ? bytes_text(*site.bytes) : "an unknown size");
  switch (site.obstacle) {
    case HeapObstacle::unknown_size: break;
    case HeapObstacle::in_a_loop: text += " in a loop"; break;
    case HeapObstacle::in_a_recursion: text += " in a recursion"; break;
    case HeapObstacle::through_a_table: text += ", reached through a table"; break;
    case HeapObstacle::called_by_host: text += " whenever the host calls it"; break;
  }
  return text;
}

/// What can be allocated; or what keeps that from having a bound, the biggest first.
std::string demand_rows(const ModuleFacts& module) {
  constexpr std::size_t kShown = 3;
  const HeapDemand& heap = *module.heap;
  if (heap.proven()) {
    return row("heap", fmt::format("at most {} in all: every request has a constant size and no loop around it",
                                   bytes_text(heap.bytes())));
  }
  if (heap.obstacles.empty())
    return row("heap", fmt::format("no bound: {} grows memory past the allocator",
                                   function_text(module, heap.growers.front())));
  std::string text = row("heap", fmt::format("no bound: {} of {} allocations have none, the biggest first",
                                             heap.obstacles.size(), heap.sites));
  for (std::size_t i = 0; i < std::min(kShown, heap.obstacles.size()); ++i)
    text += row("", site_text(module, heap.obstacles[i]));
  if (heap.obstacles.size() > kShown)
    text += row("", fmt::format("... and {} more; --format json lists them", heap.obstacles.size() - kShown));
  return text;
}

std::string profile_text(const ProfileFacts& profile) {
  std::string text;
  if (profile.stack_peak_bytes) text = fmt::format("{} of stack", bytes_text(*profile.stack_peak_bytes));
  if (profile.peak_pages) text += fmt::format("{}{}", text.empty() ? "" : " and ", pages_text(*profile.peak_pages));
  return fmt::format("{} at the peak of {} run{}", text, profile.runs, profile.runs == 1 ? "" : "s");
}

}  // namespace

std::string heap_rows(const ModuleReport& report, const Paint& paint) {
  const ModuleFacts& module = report.module;
  std::string text;
  if (!module.functions.empty() && !module.memories.empty()) {
    text += row("allocator", allocator_text(module.allocator), with_basis(module.allocator.basis, paint));
    if (module.allocator.managed) {
      text +=
          row("objects", module.allocator.managed->name + " keeps its own in blocks that it takes from the allocator",
              with_basis(module.allocator.managed->basis, paint));
    }
    text += row("growth", growth_text(module));
    if (module.heap && module.heap->sites > 0) text += demand_rows(module);
  }
  if (report.profile && (report.profile->stack_peak_bytes || report.profile->peak_pages)) {
    text +=
        row("measured", profile_text(*report.profile), paint.dim("measured: the profile; another run may need more"));
  }
  return text;
}

}  // namespace wml
