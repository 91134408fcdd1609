#include <fmt/format.h>

#include "rules/rule.h"
#include "rules/source/allocation_text.h"

namespace wml::rule {
namespace {

std::string view_of(const CopyFact& fact) { return fact.only_if_long ? "std::string_view" : "std::span"; }

void check(const CopyFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  const bool getter = fact.kind == CopyKind::member_result;
  if (!getter && fact.kind != CopyKind::argument_result) return;
  Draft draft;
  draft.where.source = fact.where;
  draft.message = fmt::format("'{}' is only read, and '{}' copies {} '{}' for it{}{}", fact.name, fact.callee,
                              getter ? "its member" : fact.part ? "a part of its argument" : "its argument", fact.source,
                              fact.loop ? iterations_text(fact.iterations) : std::string(),
                              fact.only_if_long ? " (where it has more than 10 characters)" : "");
  draft.help = fact.part ? fmt::format("let '{}' return a {}", fact.callee, view_of(fact))
                         : fmt::format("let '{}' return a const reference, and declare '{}' as one", fact.callee, fact.name);
  draft.help += "; look first for callers that keep the result longer than what it is a part of, or that call it on a temporary";
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
