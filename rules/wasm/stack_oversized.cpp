#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-kib", std::int64_t{256}, "Report stacks that reserve more than this many KiB."},
    {"advised-kib", std::int64_t{64}, "The size in KiB that the advice names: C toolchains reserve 64."},
};

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (!module.stack || !module.stack->reserved_bytes || !module.stack->reserved_bytes->exact() || module.dylink) return;
  const std::uint64_t reserved = module.stack->reserved_bytes->low;
  const std::uint64_t advised = options.number("advised-kib") * 1024;
  if (reserved <= options.number("max-kib") * 1024 || reserved <= advised) return;
  const std::uint64_t freed = reserved - advised;
  Draft draft;
  draft.message = fmt::format("the stack reserves {} of the module's {}; how much of it is used is not proven",
                              bytes_text(reserved), pages_text(program.estimate.minimum_pages));
  // A smaller stack moves everything above it down. That saves pages only where the initial memory ends with the page
  // that the heap begins in; otherwise its size was set by hand, and must be lowered as well.
  if (module.map.heap_base) {
    const bool alone = pages_for(*module.map.heap_base) == program.estimate.minimum_pages;
    const std::uint64_t pages = pages_for(*module.map.heap_base) - pages_for(*module.map.heap_base - freed);
    if (alone) draft.saving = Saving{Space::linear_memory, 0, pages * kPageBytes};
    if (!alone) draft.message += "; what it does not use would be heap";
    if (alone || !module.growth.sites.empty()) {
      const std::uint64_t low =
          module.stack->place == StackPlace::first ? 0 : *module.stack->pointer_initial - reserved;
      draft.claims.push_back({Space::linear_memory, low, low + freed});
    }
  }
  draft.help =
      fmt::format("if its deepest call needs less (measure it), {}", advice::stack_size(module.toolchain.id, advised));
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule stack_oversized = {
    .info = {.id = "stack-oversized",
             .summary = "Finds stacks that reserve far more than C toolchains do.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
