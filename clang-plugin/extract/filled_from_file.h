#pragma once

#include <optional>
#include <vector>

#include "extract/function_body.h"

namespace wml::extract {

using Uses = std::vector<const clang::DeclRefExpr*>;

/// The uses of memory that is as large as a file, is filled from it once and perhaps freed: those that are left.
/// Nothing where a variable's memory is anything else.
std::optional<Uses> uses_after_filling(const clang::VarDecl& variable, const FunctionBody& body,
                                       const Functions& functions);

/// What is around a node, casts and parentheses left out.
const clang::Stmt* outside_of(const clang::Stmt& node, const FunctionBody& body);

/// The call of a member function of that name that an expression is; null where it is anything else.
const clang::CXXMemberCallExpr* method_call(const clang::Expr& expression, llvm::StringRef name);

}  // namespace wml::extract
