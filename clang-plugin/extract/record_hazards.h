#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "extract/places.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// Adds to `fact`, whose fields are filled in, what the record's own declaration says against changing its layout.
void add_declared_hazards(const clang::RecordDecl& record, const clang::ASTContext& context, const Places& places,
                          RecordFact& fact);

}  // namespace wml::extract
