#pragma once

#include "extract/function_body.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// Copies of objects that own heap memory, in the functions of a unit, that a reference, a view or a move would save.
std::vector<CopyFact> read_copies(const Functions& functions, const Places& places);

/// What is known of every copy: its type, its place and what it costs.
CopyFact copy_fact(CopyKind kind, const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions,
                   const Places& places);

/// Whether a copy of an object of the type asks the heap for memory.
bool may_allocate(clang::QualType type);

/// Adds the loop that makes the copy in each iteration.
void add_loop(CopyFact& fact, const clang::Stmt& node, const FunctionBody& body, const Functions& functions,
              const Places& places);

}  // namespace wml::extract
