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

/// A size that a toolchain chose: Rust's and Zig's, Emscripten's before 3.1.27. Another one was chosen for the program,
/// and how much of it can go is not known.
bool is_default(std::uint64_t bytes) { return bytes == 1024ULL * 1024 || bytes == 5 * 1024ULL * 1024; }

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
  // A smaller stack moves everything above it down by as much. Where the initial memory ends far above the heap's
  // start its size was set by hand, and must be lowered as well.
  const std::uint64_t pages = freed / kPageBytes;
  const bool alone = !module.map.heap_base || pages_for(*module.map.heap_base) == program.estimate.minimum_pages;
  if (alone && is_default(reserved)) draft.saving = Saving{Space::linear_memory, 0, pages * kPageBytes};
  if (!alone) draft.message += "; what it does not use would be heap";
  if (is_default(reserved) && (alone || !module.growth.sites.empty())) {
    const std::uint64_t low = module.stack->place == StackPlace::first ? 0 : *module.stack->pointer_initial - reserved;
    draft.claims.push_back({Space::linear_memory, low, low + pages * kPageBytes});
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
