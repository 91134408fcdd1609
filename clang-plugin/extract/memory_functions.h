#pragma once

#include "clang/AST/Expr.h"

namespace wml::extract {

/// The name of what is called: of a function, or of the variable or field that points to one; empty for others.
llvm::StringRef called_name(const clang::CallExpr& call);

/// memcpy, memset, fwrite and others that take memory as bytes.
bool moves_bytes(llvm::StringRef name);

/// Functions that are given the size of objects and do not look into them: allocate, release, sort.
bool takes_whole_objects(const clang::CallExpr& call);

/// What memcpy and its kind copy, or memset and its kind fill.
struct MovedBytes {
  const clang::Expr* to = nullptr;
  const clang::Expr* from = nullptr;   ///< of a copy
  const clang::Expr* value = nullptr;  ///< that is filled in; 0 without one
  const clang::Expr* length = nullptr;
};
std::optional<MovedBytes> moved_bytes(const clang::CallExpr& call);

/// The same number in any run, where it is known.
std::optional<std::uint64_t> constant_of(const clang::Expr& expression, const clang::ASTContext& context);

}  // namespace wml::extract
