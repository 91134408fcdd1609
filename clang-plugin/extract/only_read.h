#pragma once

#include "extract/function_body.h"

namespace wml::extract {

/// How a local object is used, where it is only read; `no` where it may be changed, moved from, returned, captured, or
/// where a reference to it is kept.
enum class ReadUse {
  no,
  as_whole,  ///< a function gets a reference to const to it
  by_parts,  ///< its own functions are called, elements are read, it is walked
};

/// One use of a variable.
ReadUse read_use(const clang::DeclRefExpr& use, const FunctionBody& body);

/// All uses of a variable in a function. No use at all is `no`: such a variable is there for its destructor.
ReadUse read_use(const clang::VarDecl& variable, const FunctionBody& body);

/// The expression without parentheses, implicit casts, temporaries and cleanups around it.
const clang::Expr& without_wrapping(const clang::Expr& expression);

/// The lvalue that a copy constructor copies to make `expression`; null where it is no such copy.
const clang::Expr* copied_lvalue(const clang::Expr& expression);

}  // namespace wml::extract
