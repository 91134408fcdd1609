#pragma once

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "rules/model/finding.h"

namespace wml::extract {

/// Starts a diagnostic of the compiler or of clang-tidy, whose whole text is its first argument.
using Diagnose = llvm::function_ref<clang::DiagnosticBuilder(clang::SourceLocation, clang::DiagnosticIDs::Level)>;

/// Reports a finding as a warning with its fix, and with notes: what to do, and the places that it is about. The
/// layouts of Finding::details are left to `wasm-memlint source`: they are too long for an editor's margin.
void diagnose_finding(const Finding& finding, const clang::SourceManager& sources, Diagnose diagnose);

}  // namespace wml::extract
