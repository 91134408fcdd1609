#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/wasm/body_scan.h"

namespace wasm {
class Module;
}  // namespace wasm

namespace wml {

/// What is known of the functions that a body may call, by function; see callee_facts.h.
struct CalleeFacts {
  std::vector<bool> returns_first;
  std::vector<bool> may_throw;
};

/// A function's frame, and how far below its value on entry the pointer is at calls.
struct IrFrame {
  Frame frame;
  std::map<std::uint32_t, std::uint32_t> depth_at_calls;                          ///< by callee, the deepest
  std::map<std::optional<std::uint32_t>, std::uint32_t> depth_at_indirect_calls;  ///< by table; none: call_ref
};

struct IrContext;

/// Follows the stack pointer through the IR of functions. The module must have been read with all its globals and
/// tables, so that their places are their indices; `functions` are the indices of its functions, by place, in order.
class IrFollower {
public:
  /// Takes what it does off `steps_left`, and follows nothing any more when there are none.
  IrFollower(wasm::Module& module, std::span<const std::uint32_t> functions, std::uint32_t stack_pointer,
             const CalleeFacts& callees, std::size_t& steps_left);
  ~IrFollower();
  IrFollower(const IrFollower&) = delete;
  IrFollower& operator=(const IrFollower&) = delete;

  /// None where it cannot follow it either.
  std::optional<IrFrame> follow(std::uint32_t function);

private:
  std::unique_ptr<IrContext> context_;
};

}  // namespace wml
