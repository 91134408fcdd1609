#include "analyzer/wasm/call_graph.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace wml {
namespace {

/// Makes the nodes of indirect calls as they are asked for.
class IndirectNodes {
public:
  IndirectNodes(CallGraph& graph, const ScanInput& input, const CallTargets& targets)
      : graph_(graph), input_(input), targets_(targets), first_table_(input.types.size(), kNone) {}

  /// A node that leads to what a call with this type may reach, through a table or a reference; no type: any function.
  std::uint32_t node(std::optional<std::uint32_t> type, std::optional<std::uint32_t> table) {
    // Equal types at different indices share a node.
    if (table != 0U || !type || *type >= first_table_.size()) {
      const auto [known, is_first] = by_index_.try_emplace(index_key(type, table));
      if (is_first) known->second = make_node(type, table);
      return known->second;
    }
    std::uint32_t& known = first_table_[*type];
    if (known == kNone) known = make_node(type, table);
    return known;
  }

private:
  static std::uint64_t index_key(std::optional<std::uint32_t> type, std::optional<std::uint32_t> table) {
    return std::uint64_t{type.value_or(~0U)} << 32 | table.value_or(~0U);
  }

  std::uint32_t make_node(std::optional<std::uint32_t> type, std::optional<std::uint32_t> table) {
    const FunctionType* site = type ? input_.type_at(*type) : nullptr;
    const std::uint64_t key = site == nullptr ? kAnyType : site->is_open ? kOpenTypes + *type : site->identity;
    const auto [entry, is_new] = nodes_.try_emplace({key, table}, static_cast<std::uint32_t>(graph_.edges.size()));
    if (!is_new) return entry->second;
    std::vector<CallGraph::Edge> edges;
    for (const auto& [own_type, functions] : by_type(reached(site, table))) {
      const FunctionType* own = input_.type_at(own_type);
      if (site != nullptr && own != nullptr && !may_reach(*site, *own)) continue;
      for (const std::uint32_t function : functions) edges.push_back({function, 0});
    }
    std::ranges::sort(edges, {}, &CallGraph::Edge::target);
    graph_.edges.push_back(std::move(edges));
    return entry->second;
  }

  using FunctionsByType = std::map<std::uint32_t, std::vector<std::uint32_t>>;

  /// Tables have many functions of few types, and there is a node for each type that is called.
  const FunctionsByType& by_type(const std::vector<std::uint32_t>& functions) {
    const auto [grouped, is_first] = by_type_.try_emplace(&functions);
    if (!is_first) return grouped->second;
    for (const std::uint32_t function : functions) {
      const bool has_type = function < input_.function_types.size();
      grouped->second[has_type ? input_.function_types[function] : kNone].push_back(function);
    }
    return grouped->second;
  }

  const std::vector<std::uint32_t>& reached(const FunctionType* site, std::optional<std::uint32_t> table) const {
    if (table) return *table < targets_.tables.size() ? targets_.tables[*table].functions : targets_.all;
    return site == nullptr ? targets_.all : targets_.references.functions;
  }

  static constexpr std::uint64_t kAnyType = ~std::uint64_t{0}, kOpenTypes = std::uint64_t{1} << 32;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  CallGraph& graph_;
  const ScanInput& input_;
  const CallTargets& targets_;
  std::map<std::pair<std::uint64_t, std::optional<std::uint32_t>>, std::uint32_t> nodes_;
  std::vector<std::uint32_t> first_table_;  // the same of table 0 by type index: asked for at nearly every call
  std::unordered_map<std::uint64_t, std::uint32_t> by_index_;  // the same of the others
  std::map<const std::vector<std::uint32_t>*, FunctionsByType> by_type_;
};

}  // namespace

CallGraph make_call_graph(const ModuleFacts& facts, const ModuleCode& code, const CallTargets& targets) {
  CallGraph graph;
  graph.functions = static_cast<std::uint32_t>(facts.functions.size());
  graph.edges.resize(graph.functions);
  IndirectNodes indirect(graph, code.input, targets);
  for (const FunctionFact& function : facts.functions) {
    if (!function.import || !function.import->name.starts_with("invoke_")) continue;
    const std::uint32_t node = indirect.node(std::nullopt, std::nullopt);
    graph.edges[function.index].push_back({node, 0});
  }
  for (std::size_t i = 0; i < code.bodies.size(); ++i) {
    const std::size_t caller = code.input.imported_functions + i;
    graph.edges[caller].reserve(code.bodies[i].calls.size() + code.bodies[i].indirect_calls.size());
    for (const Call& call : code.bodies[i].calls) {
      if (call.callee < graph.functions) graph.edges[caller].push_back({call.callee, call.depth});
    }
    for (const IndirectCall& call : code.bodies[i].indirect_calls) {
      const std::uint32_t node = indirect.node(call.type, call.table);
      graph.edges[caller].push_back({node, call.depth});
    }
  }
  return graph;
}

Components components_of(const CallGraph& graph) {
  constexpr std::uint32_t kUnseen = ~std::uint32_t{0};
  struct Visit {
    std::uint32_t node;
    std::size_t next_edge = 0;
  };
  std::vector<std::uint32_t> order(graph.size(), kUnseen), low(graph.size());
  std::vector<bool> on_path(graph.size());
  std::vector<std::uint32_t> path;
  std::vector<Visit> visits;  // instead of recursion: call chains are as long as the module is
  Components components;
  components.component_.resize(graph.size());
  components.nodes_.reserve(graph.size());
  std::uint32_t counter = 0;
  const auto enter = [&](std::uint32_t node) {
    order[node] = low[node] = counter++;
    on_path[node] = true;
    path.push_back(node);
    visits.push_back({node});
  };
  for (std::uint32_t root = 0; root < graph.size(); ++root) {
    if (order[root] != kUnseen) continue;
    enter(root);
    while (!visits.empty()) {
      const std::uint32_t node = visits.back().node;
      if (visits.back().next_edge < graph.edges[node].size()) {
        const std::uint32_t target = graph.edges[node][visits.back().next_edge++].target;
        if (order[target] == kUnseen) {
          enter(target);
        } else if (on_path[target]) {
          low[node] = std::min(low[node], order[target]);
        }
        continue;
      }
      visits.pop_back();
      if (!visits.empty()) low[visits.back().node] = std::min(low[visits.back().node], low[node]);
      if (low[node] != order[node]) continue;
      const auto component = static_cast<std::uint32_t>(components.size());
      for (std::uint32_t member = kUnseen; member != node;) {
        member = path.back();
        path.pop_back();
        on_path[member] = false;
        components.nodes_.push_back(member);
        components.component_[member] = component;
      }
      components.ends_.push_back(components.nodes_.size());
    }
  }
  return components;
}

}  // namespace wml
