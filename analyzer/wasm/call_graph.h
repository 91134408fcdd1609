#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/wasm/body_scan.h"

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

/// Functions that a call through a table may reach.
struct TableFact {
  bool host_can_fill = false;            ///< imported or exported
  std::vector<std::uint32_t> functions;  ///< of active element segments
};

/// What the call graph is made from.
struct ModuleCode {
  const std::vector<BodySummary>& bodies;
  const ScanInput& input;
  const std::vector<TableFact>& tables;
  const std::vector<std::uint32_t>& loose_functions;  ///< of passive and declarative elements, and of initial values
};

/// Functions that an indirect call of any type may reach through any table.
std::vector<std::uint32_t> referenced_functions(const ModuleCode& code);

/// Emscripten's invoke_* imports call a function of the table for the module, inside a JavaScript try; the graph lets
/// them call any.
CallGraph make_call_graph(const ModuleFacts& facts, const ModuleCode& code);

/// The strongly connected components of a graph (Tarjan), callees before callers.
std::vector<std::vector<std::uint32_t>> components_of(const CallGraph& graph);

}  // namespace wml
