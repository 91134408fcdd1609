#include <fmt/format.h>

#include "rules/rule.h"
#include "rules/source/allocation_text.h"

namespace wml::rule {
namespace {

std::string length_note(const CopyFact& fact) {
  return fact.only_if_long ? " (strings of more than 10 characters; shorter ones have no memory in the heap)" : "";
}

std::string how_often(const CopyFact& fact) { return fact.loop ? iterations_text(fact.iterations) : std::string(); }

void check(const CopyFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  Draft draft;
  draft.where.source = fact.where;
  switch (fact.kind) {
    case CopyKind::parameter:
      draft.message = fmt::format("'{}' is only read, but each call that passes an object copies its memory", fact.name);
      draft.help = fmt::format("take it by const {}&", fact.type);
      if (fact.callee_where) draft.notes.push_back({*fact.callee_where, "copied for this call"});
      break;
    case CopyKind::range_for:
      draft.message = fmt::format("'{}' copies an element{} and is only read", fact.name, iterations_text(fact.iterations));
      draft.help = fmt::format("declare it as const auto& {}", fact.name);
      break;
    case CopyKind::initialisation:
      draft.message = fmt::format("'{}' is a copy of '{}'{} and is only read", fact.name, fact.source, how_often(fact));
      draft.help = fmt::format("declare it as const auto& {}", fact.name);
      break;
    case CopyKind::member_result:
    case CopyKind::argument_result: return;  // copy-of-borrowed-result
  }
  draft.message += length_note(fact);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule copy_unneeded = {
    .info = {.id = "copy-unneeded",
             .summary = "Finds copies of objects that own heap memory, where only reading follows.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
