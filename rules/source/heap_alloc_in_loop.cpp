#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/allocation_text.h"

namespace wml::rule {
namespace {

/// What is left to heap-small-buffer.
bool is_small_buffer(const AllocationFact& fact) {
  return can_live_on_stack(fact) && fact.form != AllocationForm::string && fact.form != AllocationForm::deque &&
         *fact.bytes <= static_cast<std::uint64_t>(kSmallBufferBytes);
}

constexpr std::string_view kKept =
    " It then keeps its memory until the loop is done, also while an iteration does not need it";

/// For blocks of bytes and arrays.
std::string instead_of_block(const AllocationFact& fact) {
  if (!fact.steady)
    return fmt::format("allocate the largest size that is needed once, before the loop, or take blocks from a pool.{}",
                       kKept);
  const std::string_view cleared = fact.zeroed ? ", and clear it in each iteration" : "";
  return fmt::format("'{}' is the same in each iteration: allocate once, before the loop, and free it behind it{}.{}",
                     fact.size_text, cleared, kKept);
}

std::string instead(const AllocationFact& fact) {
  switch (fact.form) {
    case AllocationForm::deque:
    case AllocationForm::vector:
    case AllocationForm::string:
      return fact.size_text.empty()
                 ? fmt::format(
                       "declare '{0}' before the loop and begin each iteration with {0}.clear(), which keeps "
                       "the capacity.{1}",
                       fact.name, kKept)
                 : fmt::format(
                       "declare '{0}' before the loop and begin each iteration with {0}.assign({1}, value), "
                       "which reuses the memory.{2}",
                       fact.name, fact.size_text, kKept);
    case AllocationForm::string_stream:
      return fmt::format(
          "append to a std::string that is declared before the loop, or declare '{0}' there and begin each iteration "
          "with {0}.clear() and {0}.str(none), of a constant string that is empty: the text of str(\"\") takes the "
          "memory's place from C++20 on.{1}",
          fact.name, kKept);
    case AllocationForm::concatenation:
      return fmt::format(
          "{0} += what is added: it then moves only when it is full. Its capacity doubles where it does, so that up "
          "to half of it may stay unused; {0}.reserve() avoids that",
          fact.name);
    case AllocationForm::new_object:
    case AllocationForm::unique_object:
      return fmt::format("make it once before the loop, or take objects from a pool.{}", kKept);
    default: return instead_of_block(fact);
  }
}

std::string message_of(const AllocationFact& fact) {
  if (fact.form == AllocationForm::concatenation)
    return fmt::format("'{}' is copied into a new, longer string{}: the heap then holds both", fact.name,
                       iterations_text(fact.iterations));
  const std::string size =
      fact.bytes ? fmt::format("{} of the heap", bytes_text(*fact.bytes)) : std::string("memory of the heap");
  return fmt::format("'{}' ({}) takes {} and drops it again{}", fact.name, form_text(fact.form), size,
                     iterations_text(fact.iterations));
}

void check(const AllocationFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  const bool survives = fact.kept_by_optimiser || fact.resized;
  if (!fact.loop || fact.reach == Reach::unknown || !survives || is_small_buffer(fact)) return;
  if (fact.iterations && *fact.iterations < 2) return;
  if (fact.bytes && *fact.bytes == 0) return;
  Draft draft;
  draft.message = message_of(fact);
  draft.where.source = fact.where;
  draft.help = instead(fact);
  draft.notes.push_back({*fact.loop, "the loop"});
  if (const auto& edit = fact.append_edit)
    draft.fix = Fix{"append instead of copying", {{edit->where.file, edit->where.offset, edit->length, edit->text}}};
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_alloc_in_loop = {
    .info = {.id = "heap-alloc-in-loop",
             .summary = "Finds memory that is allocated and dropped in every iteration of a loop.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .fix = FixKind::sometimes},
    .check = &check,
};

}  // namespace wml::rule
