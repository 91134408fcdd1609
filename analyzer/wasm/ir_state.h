#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "analyzer/wasm/operand_stack.h"

namespace wml {

/// What two paths that meet leave known of a value.
SymbolicValue join_values(const SymbolicValue& a, const SymbolicValue& b);

/// The stack pointer and all that is known of locals, at one point of a body that is read as IR. (The scan keeps less:
/// PointerState.)
struct IrState {
  PointerValue pointer;
  std::vector<std::pair<std::uint32_t, SymbolicValue>> locals;  ///< by local; none is unknown

  SymbolicValue value_of(std::uint32_t local) const;
  void set(std::uint32_t local, const SymbolicValue& value);
};

/// What is known where a block begins, as far as any path to it has been seen.
struct IrEntry {
  IrState state;
  bool reached = false;
  bool pointer_widened = false;  ///< by a turn of the loop that begins here
  bool grows = false;            ///< the stack gets lower on each turn

  /// Joins a path into it, whose pointer is given beside its state; whether that changes anything. `turns`: the path
  /// comes from inside the loop that begins here.
  bool add(const IrState& path, PointerValue pointer, bool turns);

private:
  bool add_pointer(PointerValue now, bool turns);
  SymbolicValue widen(const SymbolicValue& before, const SymbolicValue& now);
};

}  // namespace wml
