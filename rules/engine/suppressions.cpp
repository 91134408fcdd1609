#include "rules/engine/suppressions.h"

#include <algorithm>

#include <fmt/format.h>

#include <fnmatch.h>

#include "rules/engine/registry.h"
#include "rules/rule.h"

namespace wml {
namespace {

bool matches(const std::string& glob, const std::string& name) { return fnmatch(glob.c_str(), name.c_str(), 0) == 0; }

/// By the rule's id, or by its name in clang-tidy.
bool names_rule(const std::vector<std::string>& globs, std::string_view rule) {
  const std::string id(rule);
  const std::string tidy_name = "wasm-memlint-" + id;
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return matches(glob, id) || matches(glob, tidy_name); });
}

}  // namespace

const SuppressionFact* suppression_for(const SourceFacts& facts, std::string_view rule, const SourceLocation& where) {
  const SuppressionFact* found = nullptr;
  for (const SuppressionFact& suppression : facts.suppressions) {
    if (where.line < suppression.first_line || where.line > suppression.last_line) continue;
    if (suppression.where.file != where.file || !names_rule(suppression.rules, rule)) continue;
    if (counts(suppression)) return &suppression;
    found = &suppression;
  }
  return found;
}

std::optional<Note> unknown_rule_allowed(const SourceFacts& facts, const SourceLocation& where) {
  for (const SuppressionFact& suppression : facts.suppressions) {
    if (where.line < suppression.first_line || where.line > suppression.last_line) continue;
    if (suppression.kind != SuppressionKind::allow || suppression.where.file != where.file) continue;
    for (const std::string& name : suppression.rules) {
      const bool known =
          std::ranges::any_of(all_rules(), [&](const Rule* rule) { return names_rule({name}, rule->info.id); });
      if (!known)
        return Note{suppression.where, fmt::format("'{}' is no rule (`wasm-memlint rules` lists them)", name)};
    }
  }
  return std::nullopt;
}

bool counts(const SuppressionFact& suppression) {
  return suppression.kind == SuppressionKind::nolint || !suppression.reason.empty();
}

Note why_it_does_not_count(const SuppressionFact& suppression) {
  return {suppression.where, fmt::format("this does not count without a reason: write wasm-memlint: allow({}) REASON",
                                         fmt::join(suppression.rules, ", "))};
}

}  // namespace wml
