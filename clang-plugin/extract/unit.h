#pragma once

#include <optional>

#include "clang/AST/ASTContext.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// The profile of a target; nothing where it is no WebAssembly target, whose layouts would be wrong.
std::optional<TargetProfile> profile_of(const clang::TargetInfo& target);

/// All facts of a unit whose AST is complete. `unit` and `errors` are the caller's to fill in.
SourceFacts read_unit(clang::ASTContext& context, TargetProfile profile);

}  // namespace wml::extract
