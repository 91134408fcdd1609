#include <fmt/format.h>

#include "rules/rule.h"

namespace wml::rule {
namespace {

void check(const WholeInputFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  Draft draft;
  draft.message =
      fmt::format("'{}' takes in the whole input, and is walked once: the heap needs room for all of it", fact.name);
  draft.where.source = fact.where;
  draft.help =
      "read pieces of a constant size (or lines) and handle each as it comes. A container that grows while it is read "
      "holds up to three times the input at its peak";
  draft.notes.push_back({fact.walk, "walked here, and used nowhere else"});
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_whole_input = {
    .info = {.id = "heap-whole-input",
             .summary = "Finds streams that are read into memory as a whole to be walked once.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
