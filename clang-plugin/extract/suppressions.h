#pragma once

#include <vector>

#include "clang/AST/ASTContext.h"
#include "extract/places.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// The comments that silence rules, of the user's files that declare something in this unit.
std::vector<SuppressionFact> read_suppressions(clang::ASTContext& context, const Places& places);

}  // namespace wml::extract
