#pragma once

#include <optional>
#include <vector>

#include "extract/origins.h"

namespace wml::extract {

/// What runs while a variable is in use: the statements behind its declaration up to the last one that names it, or the
/// body of the loop that it is the variable of. Nothing where they cannot be told.
std::optional<std::vector<const clang::Stmt*>> while_used(const clang::VarDecl& variable, const FunctionBody& body);

/// Whether statements may change an object of the type `watched`, for all that the unit shows: they call code that is
/// not seen, or write to an object that may be it, hold it or be a part of it. `variable` (or null) is where the object
/// lies; other local variables are other objects.
bool may_change(const std::vector<const clang::Stmt*>& statements, clang::QualType watched,
                const clang::VarDecl* variable, const FunctionBody& body, const Functions& functions);

/// Whether an object of the type `watched` that lies at `origin` stays as it is while `variable` is in use.
bool stays_while_used(const clang::VarDecl& variable, const Origin& origin, clang::QualType watched,
                      const FunctionBody& body, const Functions& functions);

}  // namespace wml::extract
