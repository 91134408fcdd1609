#pragma once

#include "extract/function_body.h"
#include "extract/places.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// An expression that allocates, and how much.
struct Request {
  AllocationForm form = AllocationForm::malloc;
  clang::QualType element;             ///< null: bytes, of malloc
  const clang::Expr* count = nullptr;  ///< elements, or bytes of malloc; null: one
  std::optional<std::uint64_t> bytes;
  bool zeroed = false;
};

/// What an initialiser or any other expression asks the heap for; nothing where it does not, where memory comes from
/// somewhere else, or where the operator new may be anyone's.
std::optional<Request> request_of(const clang::Expr& expression, const Functions& functions);

/// The containers that start empty, keep what they have grown to when they are cleared, and are followed: vector,
/// string and deque. Nothing for other types.
std::optional<AllocationForm> growing_form(clang::QualType type);

/// What a variable asks for anew in each iteration of a loop, as much as it happens to grow to.
AllocationFact growth_in_loop(AllocationForm form, Reach reach, const clang::VarDecl& variable,
                              clang::SourceLocation where, const clang::Stmt& loop, const FunctionBody& body,
                              const Functions& functions, const Places& places);

/// Memory that variables of one function own and that is freed in it.
void add_allocations(const clang::FunctionDecl& function, const Functions& functions, const Places& places,
                     std::vector<AllocationFact>& facts);

}  // namespace wml::extract
