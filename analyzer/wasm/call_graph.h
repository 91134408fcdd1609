#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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

/// The strongly connected components of a graph, callees before callers.
class Components {
public:
  std::size_t size() const { return ends_.size(); }
  /// The nodes of a component. Nearly all have one: they lie in one list, behind each other.
  std::span<const std::uint32_t> operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(nodes_).subspan(begin, ends_[i] - begin);
  }
  std::uint32_t of(std::uint32_t node) const { return component_[node]; }

private:
  friend Components components_of(const CallGraph& graph);
  std::vector<std::uint32_t> nodes_;
  std::vector<std::size_t> ends_;         // of each component in nodes_
  std::vector<std::uint32_t> component_;  // by node
};

/// Finds them by Tarjan's algorithm.
Components components_of(const CallGraph& graph);

}  // namespace wml
