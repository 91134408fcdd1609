#pragma once

#include <optional>

#include "extract/function_body.h"

namespace wml::extract {

/// What an lvalue is, or is a part of.
struct Origin {
  const clang::VarDecl* variable = nullptr;  ///< null: the object that the function is called for
  bool own = false;  ///< it lies in the variable, or in the memory of a container that does: not behind a pointer
};

/// Followed through members, elements, pointers and functions that hand out references; nothing where it leads to a
/// temporary, to a copy that a lambda made, or anywhere else.
std::optional<Origin> origin_of(const clang::Expr& expression);

/// Functions of containers that come twice, and change the container in neither form: `at`, `front`, `[]` of a vector.
bool reads_in_both_forms(const clang::CXXMethodDecl& method);

/// A class or class template of the standard library, whatever its arguments.
bool is_standard(clang::QualType type, llvm::StringRef name);

}  // namespace wml::extract
