#include "analyzer/wasm/stack_tree.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace wml {
namespace {

/// A call that may come into the tree.
struct Candidate {
  std::uint64_t total = 0;  ///< how deep the stack gets on this way; the most where it has no bound
  std::uint32_t function = 0;
  std::uint64_t depth = 0;
  std::optional<std::uint32_t> parent;

  /// The deepest first; among equals the one whose parent came in later, so that a path is followed to its end.
  bool operator<(const Candidate& other) const {
    return std::tuple(total, parent, other.function) < std::tuple(other.total, other.parent, function);
  }
};

}  // namespace

std::vector<StackCall> deepest_calls(const CallGraph& graph, const StackFact& stack, std::size_t most) {
  const auto total = [&stack](std::uint32_t function, std::uint64_t depth) {
    const FunctionStack& own = stack.functions[function];
    return own.cause ? ~std::uint64_t{0} : depth + own.bound_bytes;
  };
  std::priority_queue<Candidate> candidates;
  const auto add = [&](std::uint32_t function, std::uint64_t depth, std::optional<std::uint32_t> parent) {
    if (stack.functions[function].cause || total(function, depth) > depth)
      candidates.push({total(function, depth), function, depth, parent});
  };
  for (const StackEntry& entry : stack.entries) add(entry.function, 0, std::nullopt);
  std::vector<StackCall> calls;
  std::vector<bool> followed(stack.functions.size());
  while (!candidates.empty() && calls.size() < most) {
    const Candidate next = candidates.top();
    candidates.pop();
    if (followed[next.function]) continue;
    followed[next.function] = true;
    calls.push_back({next.parent, next.function, next.depth});
    const auto parent = static_cast<std::uint32_t>(calls.size() - 1);
    // Of the callees without a bound only the one on the way to the cause is of interest.
    const auto on_the_way = stack.functions[next.function].next;
    bool is_callee = false;
    const auto call = [&](std::uint32_t callee, std::uint64_t depth) {
      is_callee |= callee == on_the_way;
      if (graph.is_function(callee) && (!stack.functions[callee].cause || callee == on_the_way))
        add(callee, next.depth + depth, parent);
    };
    for (const CallGraph::Edge& edge : graph.edges[next.function]) {
      call(edge.target, edge.depth);
      if (graph.is_function(edge.target)) continue;
      for (const CallGraph::Edge& reached : graph.edges[edge.target]) call(reached.target, edge.depth);
    }
    // The functions of a cycle that takes no stack share one way out, which need not be the callee of this one.
    if (on_the_way && !is_callee) add(*on_the_way, next.depth, parent);
  }
  return calls;
}

}  // namespace wml
