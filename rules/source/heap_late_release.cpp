#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/allocation_text.h"
#include "rules/source/object_savings.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-bytes", std::int64_t{4096},
     "The smallest buffer, and the smallest later request, that is reported, in bytes."},
};

std::string instead(const AllocationFact& fact) {
  switch (fact.form) {
    case AllocationForm::unique_object:
    case AllocationForm::unique_array: return fmt::format("call {}.reset() after its last use", fact.name);
    case AllocationForm::vector:
    case AllocationForm::deque:
    case AllocationForm::string:
      return "put it and its uses into a block of their own, or into a function, that ends after the last use "
             "(clear() does not give memory back)";
    default: return "free it after its last use";
  }
}

void check(const AllocationFact& fact, const SourceContext& context, const OptionValues& options, Reporter& out) {
  const std::uint64_t least = options.number("min-bytes");
  if (!fact.idle || !fact.bytes || *fact.bytes < least || fact.idle->next_bytes < least) return;
  if (fact.reach != Reach::confined || fact.resized || !fact.kept_by_optimiser) return;
  const std::uint64_t block = heap_block_bytes(*fact.bytes, context.profile);
  Draft draft;
  draft.message = fmt::format("'{}' keeps {} of the heap after its last use, while {} more are asked for", fact.name,
                              bytes_text(*fact.bytes), bytes_text(fact.idle->next_bytes));
  draft.where.source = fact.where;
  draft.saving = Saving{Space::linear_memory, 0, block};
  draft.help = fmt::format("{}: what is asked for next can then take its place, and the peak is up to {} lower",
                           instead(fact), bytes_text(block));
  draft.notes.push_back({fact.idle->last_use, "used here for the last time"});
  draft.notes.push_back({fact.idle->next_allocation, "more memory is asked for here"});
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_late_release = {
    .info = {.id = "heap-late-release",
             .summary = "Finds large buffers that are kept after their last use while more memory is allocated.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
