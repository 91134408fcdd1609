#pragma once

#include <optional>
#include <string_view>

#include "rules/model/finding.h"
#include "rules/model/source_facts.h"

namespace wml {

/// The comment in the sources that is for what `rule` finds at `where`; null: none. Of several, one that counts.
const SuppressionFact* suppression_for(const SourceFacts& facts, std::string_view rule, const SourceLocation& where);

/// Whether it silences: an `allow` has to say why.
bool counts(const SuppressionFact& suppression);

/// A comment at `where` that allows what no rule is called: a name that is misspelt silences nothing.
std::optional<Note> unknown_rule_allowed(const SourceFacts& facts, const SourceLocation& where);

/// What a finding says beside it when the comment that is for it does not count.
Note why_it_does_not_count(const SuppressionFact& suppression);

}  // namespace wml
