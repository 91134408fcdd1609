#pragma once

#include "extract/known_layouts.h"
#include "extract/unit_nodes.h"
#include "llvm/ADT/DenseSet.h"

namespace wml::extract {

/// Calls of memcpy and such that copy, and of memset and such that clear, nothing but whole objects of one type.
using WholeMoves = llvm::DenseSet<const clang::CallExpr*>;

/// Adds hazards of records, and of what they hold, whose size is asked for where it may be taken for that of their
/// bytes.
WholeMoves add_size_uses(clang::ASTContext& context, const UnitNodes& nodes, const KnownLayouts& layouts);

}  // namespace wml::extract
