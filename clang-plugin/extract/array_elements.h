#pragma once

#include <cstdint>
#include <optional>

#include "clang/AST/ASTContext.h"

namespace wml::extract {

/// What an array is made of: arrays of arrays and std::array are seen through; anything else is one of itself.
struct ArrayElements {
  clang::QualType type;
  std::optional<std::uint64_t> count;  ///< nothing where a bound is no constant
};

ArrayElements elements_of(clang::QualType type, const clang::ASTContext& context);

}  // namespace wml::extract
