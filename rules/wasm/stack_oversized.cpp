#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-kib", std::int64_t{256},
     "Report stacks that reserve more than this many KiB, where their use is not proven."},
    {"advised-kib", std::int64_t{64}, "The size in KiB that is advised then: C toolchains reserve 64."},
    {"spare-kib", std::int64_t{64}, "Report stacks that reserve this many KiB more than is proven or measured."},
    {"margin-percent", std::int64_t{100}, "What is added to a measured peak, in percent of it (4 KiB at least)."},
};

constexpr std::uint64_t kKib = 1024;
constexpr std::uint64_t kStackAlignment = 16;  // wasm-ld refuses other sizes

/// A size that a toolchain chose: Rust's and Zig's, Emscripten's before 3.1.27. Another one was chosen for the program,
/// and how much of it can go is not known.
bool is_default(std::uint64_t bytes) { return bytes == 1024 * kKib || bytes == 5 * 1024 * kKib; }

/// Whether nothing but stack, data and bss makes the initial memory as large as it is. Otherwise its size was set by
/// hand, and a smaller stack alone changes nothing.
bool decides_the_minimum(const ProgramFacts& program) {
  const auto& base = program.module.map.heap_base;
  return !base || pages_for(*base) == program.estimate.minimum_pages;
}

/// A smaller stack moves everything above it down by as much.
void claim_saving(const ProgramFacts& program, std::uint64_t reserved, std::uint64_t needed, bool proven,
                  Draft& draft) {
  const ModuleFacts& module = program.module;
  const std::uint64_t whole_pages = (reserved - needed) / kPageBytes * kPageBytes;
  const bool alone = decides_the_minimum(program);
  if (alone) {
    Saving saving{Space::linear_memory, 0, whole_pages};
    if (proven && module.map.heap_base) {
      // Exact where the heap's start is known: so many pages less hold what lies below it.
      const std::uint64_t base = *module.map.heap_base;
      saving.low_bytes = saving.high_bytes = (pages_for(base) - pages_for(base - (reserved - needed))) * kPageBytes;
      // Data may be aligned to more than the stack is, and then moves down by less.
      if (module.map.heap_base_basis.evidence == Evidence::heuristic) saving.low_bytes = 0;
    } else if (proven) {
      saving.high_bytes = std::min(whole_pages + kPageBytes, program.estimate.minimum_pages * kPageBytes);
    }
    draft.saving = saving;
  } else {
    draft.message += "; what it does not use would be heap";
  }
  if (alone || !module.growth.sites.empty()) {
    const std::uint64_t low = module.stack->place == StackPlace::first ? 0 : *module.stack->pointer_initial - reserved;
    draft.claims.push_back({Space::linear_memory, low, low + (draft.saving ? draft.saving->high_bytes : whole_pages)});
  }
}

void report_proven(const ProgramFacts& program, std::uint64_t reserved, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  const FunctionStack& worst = *module.stack->worst();
  const std::uint64_t needed =
      std::max(kStackAlignment, align_up(std::min(worst.bound_bytes, reserved), kStackAlignment));
  if (reserved < needed + options.number("spare-kib") * kKib) return;
  Draft draft;
  draft.message = fmt::format("the stack reserves {}, and no call can take more than {} of it", bytes_text(reserved),
                              bytes_text(worst.bound_bytes));
  if (const auto assumptions = assumptions_of_all(*module.stack); !assumptions.empty())
    draft.message += fmt::format(", if {}", fmt::join(assumptions, " and "));
  claim_saving(program, reserved, needed, true, draft);
  draft.help = advice::stack_size(module.toolchain.id, needed);
  out.report(std::move(draft));
}

/// The peak of the runs and a margin, since another run may go deeper. The saving is that of linking with this size.
void report_measured(const ProgramFacts& program, std::uint64_t reserved, const OptionValues& options, Reporter& out) {
  constexpr std::uint64_t kLeastMargin = 4 * kKib;
  const ProfileFacts& profile = *program.profile;
  const std::uint64_t peak = *profile.stack_peak_bytes;
  const std::uint64_t percent = saturating_multiply(peak, options.number("margin-percent")) / 100;
  const std::uint64_t needed =
      align_up(std::min(saturating_add(peak, std::max(kLeastMargin, percent)), reserved), kKib);
  if (reserved < needed + options.number("spare-kib") * kKib) return;
  Draft draft;
  draft.message = fmt::format("the stack reserves {}, and {} measured run{} took no more than {} of it",
                              bytes_text(reserved), profile.runs, profile.runs == 1 ? "" : "s", bytes_text(peak));
  claim_saving(program, reserved, needed, true, draft);
  draft.help =
      fmt::format("{} (the measured peak and {} more; measured is not proven, so keep the stack below the data)",
                  advice::stack_size(program.module.toolchain.id, needed), bytes_text(needed - peak));
  out.report(std::move(draft));
}

void report_unproven(const ProgramFacts& program, std::uint64_t reserved, const OptionValues& options, Reporter& out) {
  const std::uint64_t advised = options.number("advised-kib") * kKib;
  if (reserved <= options.number("max-kib") * kKib || reserved <= advised) return;
  Draft draft;
  draft.message = fmt::format("the stack reserves {} of the module's {}; how much of it is used is not proven",
                              bytes_text(reserved), pages_text(program.estimate.minimum_pages));
  if (is_default(reserved)) {
    claim_saving(program, reserved, advised, false, draft);
  } else if (!decides_the_minimum(program)) {
    draft.message += "; what it does not use would be heap";
  }
  draft.help = fmt::format("if its deepest call needs less (measure it), {}",
                           advice::stack_size(program.module.toolchain.id, advised));
  out.report(std::move(draft));
}

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (!module.stack || !module.stack->reserved_bytes || !module.stack->reserved_bytes->exact() || module.dylink) return;
  const std::uint64_t reserved = module.stack->reserved_bytes->low;
  // Where there is a proof, runs that took less tell nothing: a stack below the bound could overflow.
  if (module.stack->bound_bytes()) {
    report_proven(program, reserved, options, out);
  } else if (program.profile && program.profile->stack_peak_bytes) {
    report_measured(program, reserved, options, out);
  } else {
    report_unproven(program, reserved, options, out);
  }
}

}  // namespace

extern constinit const Rule stack_oversized = {
    .info = {.id = "stack-oversized",
             .summary = "Finds stacks that reserve far more than they use, or than C toolchains reserve.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
