#pragma once

#include <optional>
#include <string>

#include "extract/function_body.h"

namespace wml::extract {

/// How often a loop runs, as it can be said before it starts.
struct LoopCount {
  std::optional<std::uint64_t> number;  ///< where it is a constant
  std::string text;                     ///< an expression without side effects
  bool trusted = false;                 ///< a constant, or the size of something that is there: not read from anywhere
};

/// Nothing where the text does not tell, or where the number comes from a call: what is read may be wrong.
std::optional<LoopCount> count_of(const clang::Stmt& loop, const FunctionBody& body, const Functions& functions,
                                  const Places& places);

}  // namespace wml::extract
