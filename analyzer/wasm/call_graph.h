#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/wasm/call_targets.h"

namespace wml {

/// Who may call whom. Nodes are functions, by their index, and after them one node for each kind of indirect call: a
/// type and a table, from which edges lead to every function that such a call may reach.
struct CallGraph {
  struct Edge {
    std::uint32_t target = 0;
    std::uint32_t depth = 0;  ///< bytes that the caller's stack pointer is below its value on entry
  };
  std::uint32_t functions = 0;
  std::vector<std::vector<Edge>> edges;

  std::size_t size() const { return edges.size(); }
  bool is_function(std::uint32_t node) const { return node < functions; }
};

/// Emscripten's invoke_* imports call a function of the table for the module, inside a JavaScript try; the graph lets
/// them call any.
CallGraph make_call_graph(const ModuleFacts& facts, const ModuleCode& code, const CallTargets& targets);

/// The strongly connected components of a graph (Tarjan), callees before callers.
std::vector<std::vector<std::uint32_t>> components_of(const CallGraph& graph);

}  // namespace wml
