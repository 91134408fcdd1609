#pragma once

#include <string>
#include <string_view>

#include "analyzer/result.h"
#include "rules/model/source_facts.h"

/// SourceFacts as one line of JSON: the contract between what knows Clang and what judges (docs/source-facts.md).
namespace wml {

/// The number that a line begins with; a line with another one is refused.
inline constexpr int kFactsVersion = 4;

std::string to_json_line(const SourceFacts& facts);

/// The facts, or what is wrong with the line.
Result<SourceFacts> from_json_line(std::string_view line);

}  // namespace wml
