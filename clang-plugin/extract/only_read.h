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

/// All uses of a variable in a function. No use at all is `no`: such a variable is there for its destructor.
ReadUse read_use(const clang::VarDecl& variable, const FunctionBody& body);

/// The local variable or parameter that an lvalue is a part of, by members, subscripts and functions that take it as a
/// const object; null where there is none.
const clang::VarDecl* root_of(const clang::Expr& expression);

/// Whether an object stays as it is from `from` on to the end of the function, for anyone: it is the function's own and
/// only read, or a reference to const and nothing changes an object of its type.
bool is_stable_after(const clang::VarDecl& object, const clang::Stmt& from, const FunctionBody& body);

/// The expression without parentheses, implicit casts, temporaries and cleanups around it.
const clang::Expr& without_wrapping(const clang::Expr& expression);

/// The lvalue that a copy constructor copies to make `expression`; null where it is no such copy.
const clang::Expr* copied_lvalue(const clang::Expr& expression);

}  // namespace wml::extract
