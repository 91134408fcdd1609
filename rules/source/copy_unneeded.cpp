#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/allocation_text.h"

namespace wml::rule {
namespace {

/// " (4000 bytes)", or what is known of strings.
std::string size_note(const CopyFact& fact) {
  if (fact.heap_bytes && *fact.heap_bytes > fact.short_characters)
    return fmt::format(" ({})", bytes_text(*fact.heap_bytes));
  if (fact.short_characters == 0) return {};
  return fmt::format(" (strings of more than {} characters; shorter ones have no memory in the heap)",
                     fact.short_characters);
}

std::string how_often(const CopyFact& fact) { return fact.loop ? iterations_text(fact.iterations) : std::string(); }

struct Texts {
  std::string message;
  std::string help;
};

Texts texts_of(const CopyFact& fact) {
  const std::string by_reference = fmt::format("declare it as const auto& {}", fact.name);
  switch (fact.kind) {
    case CopyKind::parameter:
      return {fmt::format("'{}' is only read, but each call that passes an object copies its memory", fact.name),
              fmt::format("take it by const {}&", fact.type)};
    case CopyKind::range_for:
      return {fmt::format("'{}' copies an element{} and is only read", fact.name, iterations_text(fact.iterations)),
              by_reference};
    case CopyKind::range_conversion:
      return {fmt::format("'{}' is a reference to a copy{}: the elements are of type {}", fact.name,
                          iterations_text(fact.iterations), fact.source),
              by_reference};
    case CopyKind::initialisation:
      return {fmt::format("'{}' is a copy of '{}'{} and is only read", fact.name, fact.source, how_often(fact)),
              by_reference};
    case CopyKind::capture:
      return {fmt::format("a lambda that runs in place copies '{}'{} and only reads it", fact.name, how_often(fact)),
              fmt::format("capture it by reference: [&{}]", fact.name)};
    case CopyKind::unmoved:
      return {fmt::format("'{}' is taken by value, and then copied instead of moved", fact.name),
              fmt::format("write std::move({})", fact.name)};
    case CopyKind::const_result:
      return {fmt::format("'{}' is constant, so that it is copied into the result instead of moved", fact.name),
              fmt::format("declare '{}' without const", fact.name)};
    case CopyKind::member_result:
    case CopyKind::argument_result: break;  // copy-of-borrowed-result
  }
  return {};
}

void check(const CopyFact& fact, const SourceContext&, const OptionValues&, Reporter& out) {
  Texts texts = texts_of(fact);
  if (texts.message.empty()) return;
  Draft draft;
  draft.where.source = fact.where;
  draft.message = std::move(texts.message) + size_note(fact);
  draft.help = std::move(texts.help);
  if (fact.kind == CopyKind::parameter && fact.callee_where)
    draft.notes.push_back({*fact.callee_where, "copied for this call"});
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule copy_unneeded = {
    .info = {.id = "copy-unneeded",
             .summary = "Finds copies of objects that own heap memory, where a reference or a move would do.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
