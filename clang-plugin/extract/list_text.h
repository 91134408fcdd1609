#pragma once

#include <vector>

#include "extract/places.h"

namespace wml::extract {

/// Whether the texts of a list's elements can change places: between `begin` (its brace, or the name of the
/// constructor) and what follows the last element there are no comments but inside of elements, and no preprocessor
/// directives. Which element a comment is about is not guessed.
bool holds_elements_only(clang::SourceLocation begin, const std::vector<InitialiserElement>& elements,
                         const Places& places);

/// Whether a brace stands there: lists whose braces are left out are given the place of their first element.
bool is_brace(clang::SourceLocation location, const Places& places);

}  // namespace wml::extract
