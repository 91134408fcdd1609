#pragma once

#include "analyzer/wasm/operand_stack.h"

// What arithmetic makes of symbolic values. Every reader of bodies that follows the stack pointer follows it alike.

namespace wml {

enum class ArithmeticOp : std::uint8_t { add, sub, mask };

/// What an addition, subtraction or mask gives, and what it does to the frame.
struct Arithmetic {
  SymbolicValue value;
  std::int64_t formed = 0;  ///< how far below the pointer's value on entry the address is that it forms, if that counts
  bool allocates = false;   ///< subtracts an amount that is not known, rounded as those of allocations are
};

/// `is_i32`: the instruction's own width; constants are kept sign-extended.
Arithmetic arithmetic(const SymbolicValue& left, const SymbolicValue& right, ArithmeticOp op, bool is_i32);

}  // namespace wml
