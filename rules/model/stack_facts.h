#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/evidence.h"
#include "rules/model/range.h"

/// The shadow stack in linear memory (tool-conventions, BasicCABI.md "The linear stack"). Sizes and depths are bytes;
/// functions and globals are given by their index in the module.
namespace wml {

enum class StackPlace { first, after_data };

enum class UnboundedBy { recursion, dynamic_allocation, growth_in_a_loop, pointer_not_followed, not_analysed };

/// Why there is no bound, and the functions that it is about: a cycle, or one function.
struct Unbounded {
  UnboundedBy reason = UnboundedBy::recursion;
  std::vector<std::uint32_t> functions;  ///< at most kNamedFunctions of them
  std::size_t function_count = 0;

  static constexpr std::size_t kNamedFunctions = 16;
};

/// What one function takes, itself and with all that it calls.
struct FunctionStack {
  std::uint64_t frame_bytes = 0;       ///< how far below its value on entry it takes the pointer itself
  std::uint64_t bound_bytes = 0;       ///< the same with its callees; means nothing when there is a `cause`
  std::optional<std::uint32_t> next;   ///< the callee on the deepest path, or on the way to the cause
  std::optional<std::uint32_t> cause;  ///< index into StackFact::causes: why there is no bound
  bool frame_from_ir = false;          ///< the scan could not follow the pointer, and Binaryen's IR told
  std::uint64_t assumptions = 0;       ///< the bound holds if StackFact::assumptions[i] does for each bit i
};

/// A function through which the module can be entered.
struct StackEntry {
  std::string name;  ///< "start", an export's name, or "table"
  std::uint32_t function = 0;
};

/// A call on one of the deepest paths. A node's parent comes before it.
struct StackCall {
  std::optional<std::uint32_t> parent;  ///< index of the caller's node; none for an entry
  std::uint32_t function = 0;
  std::uint64_t depth = 0;  ///< how far the pointer is below its value on entry when the function is called
};

struct StackFact {
  std::uint32_t pointer_global = 0;
  std::optional<std::uint64_t> pointer_initial;  ///< absent when the host sets it (imported)
  std::optional<Range> reserved_bytes;           ///< absent when nothing bounds it
  std::optional<std::uint64_t> likely_bytes;     ///< the toolchain's default, when the range allows it and is not exact
  std::optional<StackPlace> place;
  Basis pointer_basis;
  Basis size_basis;
  std::vector<FunctionStack> functions;  ///< by function; empty where nothing was proven
  std::vector<StackEntry> entries;       ///< unbounded ones first, then the deepest
  std::vector<Unbounded> causes;
  std::vector<std::string> assumptions;
  std::vector<StackCall> deepest_calls;  ///< a tree of the deepest paths

  /// The entry whose bound is the module's: no entry goes deeper.
  const FunctionStack* worst() const { return entries.empty() ? nullptr : &functions[entries.front().function]; }
  /// How deep the stack can get, over all entries; absent when that is not bounded or nothing is known.
  std::optional<std::uint64_t> bound_bytes() const {
    return worst() == nullptr || worst()->cause ? std::nullopt : std::optional(worst()->bound_bytes);
  }
};

/// The functions from `function` to where its stack is deepest, or to the reason why it has no bound.
std::vector<std::uint32_t> deepest_path(const StackFact& stack, std::uint32_t function);

/// What the bound of `known` rests on.
std::vector<std::string> assumptions_of(const StackFact& stack, const FunctionStack& known);

/// What the module's bound rests on: what that of any entry does, for each could go deepest if it did not hold.
std::vector<std::string> assumptions_of_all(const StackFact& stack);

/// The functions that have a frame, biggest first.
std::vector<std::uint32_t> functions_by_frame(const StackFact& stack);

constexpr std::string_view to_string(UnboundedBy reason) {
  switch (reason) {
    case UnboundedBy::recursion: return "recursion";
    case UnboundedBy::dynamic_allocation: return "dynamic-allocation";
    case UnboundedBy::growth_in_a_loop: return "growth-in-a-loop";
    case UnboundedBy::pointer_not_followed: return "pointer-not-followed";
    case UnboundedBy::not_analysed: return "not-analysed";
  }
  return "not-analysed";
}

}  // namespace wml
