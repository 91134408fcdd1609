#pragma once

#include "clang/AST/Decl.h"

namespace wml::extract {

/// What functions of the C library do with the memory behind a pointer argument. None of those that are known keeps the
/// pointer.
enum class ArgumentRole {
  unknown,
  reads,    ///< by a function that the compiler knows, such as memcmp
  writes,   ///< the same, such as memset
  outside,  ///< reads or writes it where no compiler looks, such as fread or printf
};

ArgumentRole role_of_argument(const clang::FunctionDecl& function, unsigned position);

/// Of namespace std, members of its classes as well.
bool is_of_std(const clang::FunctionDecl& function);

bool is_release(const clang::FunctionDecl& function);  ///< free()
bool is_malloc(const clang::FunctionDecl& function);   ///< malloc(size)
bool is_calloc(const clang::FunctionDecl& function);   ///< calloc(count, size)

}  // namespace wml::extract
