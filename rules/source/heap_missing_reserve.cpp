#include <bit>

#include <fmt/format.h>

#include "rules/model/pages.h"
#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-saved-bytes", std::int64_t{64}, "Report loops of a constant length only if their peak falls by this much."},
};

/// What a vector that grows by doubling holds at most while it takes `count` elements one by one: the block that it has
/// outgrown, and the one of twice the size that it moves to. libc++ and libstdc++ double.
std::uint64_t doubling_peak(std::uint64_t count, std::uint64_t element_bytes) {
  if (count < 2) return count * element_bytes;
  const std::uint64_t capacity = std::bit_ceil(count);
  return saturating_multiply(capacity + capacity / 2, element_bytes);
}

std::string help_of(const AppendLoopFact& fact) {
  return fmt::format("call {}.reserve({}) before the loop", fact.name, fact.count_text);
}

void check(const AppendLoopFact& fact, const SourceContext&, const OptionValues& options, Reporter& out) {
  constexpr std::uint64_t kMostElements = std::uint64_t{1} << 32;
  Draft draft;
  if (fact.count) {
    if (*fact.count > kMostElements) return;
    const std::uint64_t needed = saturating_multiply(*fact.count, fact.element_bytes);
    const std::uint64_t peak = doubling_peak(*fact.count, fact.element_bytes);
    if (peak - needed < options.number("min-saved-bytes") || peak == needed) return;
    draft.message = fmt::format("'{}' grows by doubling to {} elements: at its peak it holds {} for {}", fact.name,
                                *fact.count, bytes_text(peak), bytes_text(needed));
    draft.saving = Saving{Space::linear_memory, 0, peak - needed};
  } else {
    draft.message =
        fmt::format("'{}' grows by doubling to {} elements of {}: at its peak it holds up to three times what it needs",
                    fact.name, fact.count_text, bytes_text(fact.element_bytes));
  }
  draft.where.source = fact.where;
  draft.help = help_of(fact);
  // Reserving a count that is wrong would hand the heap to it.
  if (!fact.trusted) draft.help += "; where it comes from an input, cap it first";
  draft.notes.push_back({fact.loop, "how often this loop runs is known here"});
  if (fact.editable) {
    const std::string line = fmt::format("{}.reserve({});\n{}", fact.name, fact.count_text, fact.indentation);
    draft.fix = Fix{help_of(fact), {{fact.insertion.file, fact.insertion.offset, 0, line}}};
  }
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_missing_reserve = {
    .info = {.id = "heap-missing-reserve",
             .summary = "Finds vectors that grow by doubling to a size that is known before.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions,
             .fix = FixKind::sometimes},
    .check = &check,
};

}  // namespace wml::rule
