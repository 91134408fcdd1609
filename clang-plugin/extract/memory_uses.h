#pragma once

#include <vector>

#include "extract/function_body.h"
#include "rules/model/heap_use_facts.h"

namespace wml::extract {

/// What a function does with the memory behind one of its local variables.
struct MemoryUses {
  Reach reach = Reach::confined;  ///< the weakest that any of the uses leaves
  bool read = false;
  bool written = false;        ///< after it was made
  bool read_anywhere = false;  ///< at an index that no compiler knows
  bool written_anywhere = false;
  bool seen_outside = false;    ///< a function that is not compiled with this one gets a pointer to it
  bool subscripts_only = true;  ///< each use is `name[i]`: an array can stand for it
  bool null_tested = false;
  bool resized = false;                               ///< a container gets another size, or other memory
  std::uint64_t grown_to = 0;                         ///< elements that it holds at some time for certain
  bool grows_anyhow = false;                          ///< it grows, by nobody knows how much
  const clang::BinaryOperator* assignment = nullptr;  ///< the one that gives the variable its value
  std::vector<const clang::Expr*> growth;             ///< calls after which it may need more memory
  std::vector<const clang::Expr*> releases;           ///< free(), delete

  /// LLVM at -O2 takes a block off the heap whose every read it can tell the value of, or that nothing reads.
  bool survives_optimiser() const { return seen_outside || (read_anywhere && written) || (written_anywhere && read); }
};

/// Uses of a pointer variable, or of a parameter that is one.
MemoryUses uses_of_pointer(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions);

/// Uses of a std::unique_ptr, std::vector, std::deque or std::string.
MemoryUses uses_of_owner(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions);

}  // namespace wml::extract
