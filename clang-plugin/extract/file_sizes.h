#pragma once

#include "extract/function_body.h"

namespace wml::extract {

/// Whether an expression is how long a whole file is: what `file_size`, `st_size`, or the position at its end says,
/// also by way of a variable that is given it once and compared with no limit. A size that is capped is not the file's.
bool is_file_size(const clang::Expr& expression, const FunctionBody& body, const clang::ASTContext& context);

}  // namespace wml::extract
