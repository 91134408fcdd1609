#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/allocation_text.h"

namespace wml::rule {
namespace {

/// What is left to heap-small-buffer.
bool is_small_buffer(const AllocationFact& fact) {
  return can_live_on_stack(fact) && fact.form != AllocationForm::string &&
         *fact.bytes <= static_cast<std::uint64_t>(kSmallBufferBytes);
}

std::string instead(const AllocationFact& fact) {
  const std::string kept = " It then keeps its memory until the loop is done, also while an iteration does not need it";
  switch (fact.form) {
    case AllocationForm::vector:
    case AllocationForm::string:
      return fact.size_text.empty()
                 ? fmt::format(
                       "declare '{0}' before the loop and begin each iteration with {0}.clear(), which keeps "
                       "the capacity.{1}",
                       fact.name, kept)
                 : fmt::format(
                       "declare '{0}' before the loop and begin each iteration with {0}.assign({1}, value), "
                       "which reuses the memory.{2}",
                       fact.name, fact.size_text, kept);
    case AllocationForm::new_object:
    case AllocationForm::unique_object: return "make it once before the loop, or take objects from a pool." + kept;
    default:
      return fmt::format(
          "allocate the largest size that is needed once, before the loop, or take blocks from a pool.{}", kept);
  }
}

void check(const AllocationFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  const bool survives = fact.kept_by_optimiser || fact.resized;
  if (!fact.loop || fact.reach == Reach::unknown || !survives || is_small_buffer(fact)) return;
  if (fact.iterations && *fact.iterations < 2) return;
  if (fact.bytes && *fact.bytes == 0) return;
  Draft draft;
  const std::string size =
      fact.bytes ? fmt::format("{} of the heap", bytes_text(*fact.bytes)) : std::string("memory of the heap");
  draft.message = fmt::format("'{}' ({}) takes {} and drops it again{}", fact.name, form_text(fact.form), size,
                              iterations_text(fact.iterations));
  draft.where.source = fact.where;
  draft.help = instead(fact);
  draft.notes.push_back({*fact.loop, "the loop"});
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_alloc_in_loop = {
    .info = {.id = "heap-alloc-in-loop",
             .summary = "Finds memory that is allocated and dropped in every iteration of a loop.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
