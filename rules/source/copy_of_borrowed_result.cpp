#include <fmt/format.h>

#include "rules/rule.h"
#include "rules/source/allocation_text.h"

namespace wml::rule {
namespace {

std::string view_of(const CopyFact& fact) { return fact.short_characters > 0 ? "std::string_view" : "std::span"; }

std::string help_of(const CopyFact& fact) {
  const std::string first = fmt::format("let '{}' return a ", fact.callee);
  if (fact.part) return first + view_of(fact);
  if (fact.name.empty()) return first + "const reference";
  return fmt::format("{}const reference, and declare '{}' as one", first, fact.name);
}

void check(const CopyFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  const bool getter = fact.kind == CopyKind::member_result;
  if (!getter && fact.kind != CopyKind::argument_result) return;
  Draft draft;
  draft.where.source = fact.where;
  draft.message = fmt::format("{} only read, and '{}' copies {}its {} '{}' for it{}",
                              fact.name.empty() ? "the range of this loop is" : fmt::format("'{}' is", fact.name),
                              fact.callee, fact.part ? "a part of " : "", getter ? "member" : "argument", fact.source,
                              fact.loop ? iterations_text(fact.iterations) : std::string());
  if (fact.short_characters > 0)
    draft.message += fmt::format(" (where it has more than {} characters)", fact.short_characters);
  draft.help = help_of(fact) +
               "; look first for callers that keep the result longer than what it is a part of, or that call it on a "
               "temporary";
  if (fact.callee_where) draft.notes.push_back({*fact.callee_where, "copied here"});
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule copy_of_borrowed_result = {
    .info = {.id = "copy-of-borrowed-result",
             .summary = "Finds results that copy a member or an argument, where the caller only reads them.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
