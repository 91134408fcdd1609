#pragma once

#include <optional>

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "extract/places.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// Whether a record is one that its author can change: complete, no lambda, not made by the compiler, in a file of the
/// user's.
bool is_users_record(const clang::RecordDecl& record, const Places& places);

/// A record's layout and what its own declaration says against changing it. Only late, when the unit is complete:
/// asking for a layout earlier can change it. Nothing where Clang has no layout for it.
std::optional<RecordFact> read_record(const clang::RecordDecl& record, const clang::ASTContext& context,
                                      const Places& places);

}  // namespace wml::extract
