#pragma once

#include <optional>

#include "extract/function_body.h"

namespace wml::extract {

/// A function whose result is a copy of something that the caller has already.
struct Borrowing {
  const clang::FieldDecl* member = nullptr;  ///< of the object that it is called for
  unsigned parameter = 0;                    ///< else: of this argument
  bool part = false;                         ///< perhaps not all of it, or of what a pointer leads to
};

/// What a function's result copies, where that is all that the function does. Nothing for virtual functions, for those
/// whose name promises a copy, and where the body is not seen.
std::optional<Borrowing> borrowing_of(const clang::FunctionDecl& function, const Functions& functions);

}  // namespace wml::extract
