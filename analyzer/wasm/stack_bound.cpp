#include "analyzer/wasm/stack_bound.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "analyzer/wasm/call_graph.h"

// The deepest path through the call graph: a function reaches its own depth, or the depth of its stack pointer at a
// call plus what the callee reaches. Cycles that take no stack cost nothing; cycles that do have no bound. A function
// whose pointer could not be followed has none either, and so have those that call it.

namespace wml {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// What is known of a node once everything that it calls is done with.
struct NodeBound {
  std::uint64_t bytes = 0;
  std::uint32_t deepest_call = kNone;  ///< the node that the deepest path goes to
  std::uint32_t cause = kNone;         ///< index into the causes: no bound
  bool host_may_call_back = false;     ///< reaches an import that is not known to stay away
  bool through_open_table = false;     ///< reaches a call through a table that the host can fill
};

class BoundProver {
public:
  BoundProver(const ModuleFacts& facts, const std::vector<BodySummary>& bodies, const ScanInput& input,
              const std::vector<TableFact>& tables, const std::vector<std::uint32_t>& loose_functions)
      : facts_(facts),
        bodies_(bodies),
        input_(input),
        tables_(tables),
        graph_(make_call_graph(static_cast<std::uint32_t>(facts.functions.size()), bodies, input, tables,
                               loose_functions, callbacks_of(facts))),
        bounds_(graph_.size()),
        component_(graph_.size()) {
    find_helpers();
    const auto components = components_of(graph_);
    for (std::uint32_t i = 0; i < components.size(); ++i) {
      for (const std::uint32_t node : components[i]) component_[node] = i;
    }
    for (const std::vector<std::uint32_t>& component : components) bound_component(component);
  }

  void fill_in(const std::vector<std::uint32_t>& referenced, StackFact& stack) const {
    add_entries(referenced, stack);
    add_frames(stack);
    for (const Unbounded& cause : causes_) {
      if (cause.reason == UnboundedBy::recursion) stack.cycles.push_back(cause);
    }
    stack.bound.bytes = 0;
    if (stack.entries.empty()) return;
    // Unbounded entries come first, then the deepest.
    const std::uint32_t worst = stack.entries.front().function;
    stack.bound.bytes = stack.entries.front().bytes;
    if (!stack.bound.bytes) stack.bound.unbounded_by = causes_[bounds_[worst].cause];
    stack.bound.path = path_from(worst);
  }

private:
  /// Emscripten's invoke_* call a function of the table for the module, inside a JavaScript try.
  static std::vector<bool> callbacks_of(const ModuleFacts& facts) {
    std::vector<bool> calls_table(facts.functions.size());
    for (const FunctionFact& function : facts.functions) {
      if (function.import) calls_table[function.index] = function.import->name.starts_with("invoke_");
    }
    return calls_table;
  }

  const BodySummary* body_of(std::uint32_t function) const {
    return function >= input_.imported_functions && graph_.is_function(function)
               ? &bodies_[function - input_.imported_functions]
               : nullptr;
  }

  /// Functions that move the stack pointer for their caller and do nothing else: stackAlloc, stackRestore.
  void find_helpers() {
    helper_.resize(graph_.functions);
    for (std::uint32_t function = input_.imported_functions; function < graph_.functions; ++function) {
      const BodySummary& body = *body_of(function);
      helper_[function] =
          body.analysed && body.frame.leaves_pointer_changed && body.calls.empty() && body.indirect_calls.empty();
    }
  }

  std::uint32_t add_cause(UnboundedBy reason, std::vector<std::uint32_t> functions) {
    const std::size_t count = functions.size();
    functions.resize(std::min(count, Unbounded::kNamedFunctions));
    causes_.push_back({reason, std::move(functions), count});
    return static_cast<std::uint32_t>(causes_.size() - 1);
  }

  bool returns_first_argument(std::uint32_t function) const {
    const BodySummary* body = body_of(function);
    return body != nullptr && body->analysed && body->returns_first_argument;
  }

  /// What a function's own body allows to say, its calls aside.
  NodeBound own_bound(std::uint32_t node) {
    NodeBound bound;
    if (!graph_.is_function(node)) return bound;
    const BodySummary* body = body_of(node);
    if (body == nullptr) {
      bound.host_may_call_back = !facts_.functions[node].import->module.starts_with("wasi_");
      return bound;
    }
    bound.bytes = body->frame.depth;
    for (const IndirectCall& call : body->indirect_calls) {
      bound.through_open_table |= !call.table || (*call.table < tables_.size() && tables_[*call.table].host_can_fill);
    }
    if (helper_[node]) return bound;
    if (!body->analysed) {
      bound.cause = add_cause(UnboundedBy::not_analysed, {node});
    } else if (body->frame.kind == FrameKind::dynamic) {
      bound.cause = add_cause(UnboundedBy::dynamic_allocation, {node});
    } else if (body->frame.kind == FrameKind::grows) {
      bound.cause = add_cause(UnboundedBy::growth_in_a_loop, {node});
    } else if (std::ranges::any_of(body->frame.assumed_to_return_first,
                                   [&](std::uint32_t callee) { return !returns_first_argument(callee); }) ||
               body->frame.kind == FrameKind::unknown || body->frame.leaves_pointer_changed) {
      bound.cause = add_cause(UnboundedBy::pointer_not_followed, {node});
    }
    return bound;
  }

  /// A call to a helper moves the pointer, and the scan did not see it.
  void check_helper_calls(std::uint32_t node, NodeBound& bound) {
    if (bound.cause != kNone || !graph_.is_function(node)) return;
    for (const CallGraph::Edge& edge : graph_.edges[node]) {
      if (!graph_.is_function(edge.target) || !helper_[edge.target]) continue;
      const bool allocates = body_of(edge.target)->frame.kind == FrameKind::dynamic;
      bound.cause = add_cause(allocates ? UnboundedBy::dynamic_allocation : UnboundedBy::pointer_not_followed,
                              {node, edge.target});
      return;
    }
  }

  void bound_component(const std::vector<std::uint32_t>& component) {
    NodeBound bound;
    bool recursion_takes_stack = false;
    std::vector<std::uint32_t> members;
    for (const std::uint32_t node : component) {
      NodeBound own = own_bound(node);
      check_helper_calls(node, own);
      merge(bound, own, 0, kNone);
      if (graph_.is_function(node)) members.push_back(node);
      for (const CallGraph::Edge& edge : graph_.edges[node]) {
        if (component_[edge.target] == component_[node]) {
          recursion_takes_stack |= edge.depth > 0;
        } else {
          merge(bound, bounds_[edge.target], edge.depth, edge.target);
        }
      }
    }
    if (recursion_takes_stack) {
      std::ranges::sort(members);
      bound.cause = add_cause(UnboundedBy::recursion, members);
    }
    for (const std::uint32_t node : component) bounds_[node] = bound;
  }

  static void merge(NodeBound& into, const NodeBound& from, std::uint64_t depth, std::uint32_t via) {
    into.host_may_call_back |= from.host_may_call_back;
    into.through_open_table |= from.through_open_table;
    if (into.cause == kNone) into.cause = from.cause;
    if (from.bytes + depth > into.bytes) {
      into.bytes = from.bytes + depth;
      into.deepest_call = via;
    }
  }

  std::vector<std::uint32_t> path_from(std::uint32_t function) const {
    std::vector<std::uint32_t> path;
    for (std::uint32_t at = function; at != kNone; at = bounds_[at].deepest_call) {
      if (graph_.is_function(at) && (path.empty() || path.back() != at)) path.push_back(at);
    }
    return path;
  }

  void add_entries(const std::vector<std::uint32_t>& referenced, StackFact& stack) const {
    NodeBound reached;
    std::string helper;
    const auto add = [&](const std::string& name, std::uint32_t function) {
      if (body_of(function) == nullptr) return;
      if (helper_[function]) {
        helper = name;
        return;
      }
      const NodeBound& node = bounds_[function];
      merge(reached, node, 0, kNone);
      StackEntry& entry = stack.entries.emplace_back(StackEntry{.name = name, .function = function});
      if (node.cause == kNone) {
        entry.bytes = node.bytes;
      } else {
        entry.unbounded_by = causes_[node.cause].reason;
      }
    };
    if (facts_.start) add("start", facts_.start->function);
    for (const ExportedFunction& item : facts_.function_exports) add(item.name, item.function);
    if (std::ranges::any_of(tables_, &TableFact::host_can_fill)) {
      for (const std::uint32_t function : referenced) add("table", function);
    }
    std::ranges::stable_sort(stack.entries, std::ranges::greater{},
                             [](const StackEntry& entry) { return entry.bytes.value_or(~std::uint64_t{0}); });
    std::vector<std::string>& assumptions = stack.bound.assumptions;
    if (reached.host_may_call_back)
      assumptions.emplace_back("imported functions other than WASI's do not call back into the module");
    if (reached.through_open_table)
      assumptions.emplace_back("the host puts no further function of the module into its tables");
    if (!helper.empty())
      assumptions.push_back(fmt::format("the host moves the stack pointer by no export, as {} could", helper));
  }

  void add_frames(StackFact& stack) const {
    constexpr std::size_t kMost = 20;
    for (std::uint32_t function = input_.imported_functions; function < graph_.functions; ++function) {
      if (body_of(function)->frame.depth > 0) stack.frames.push_back({function, body_of(function)->frame.depth});
    }
    std::ranges::stable_sort(stack.frames, std::ranges::greater{}, &FrameFact::bytes);
    if (stack.frames.size() > kMost) stack.frames.resize(kMost);
  }

  const ModuleFacts& facts_;
  const std::vector<BodySummary>& bodies_;
  const ScanInput& input_;
  const std::vector<TableFact>& tables_;
  CallGraph graph_;
  std::vector<NodeBound> bounds_;
  std::vector<std::uint32_t> component_;
  std::vector<bool> helper_;
  std::vector<Unbounded> causes_;
};

}  // namespace

void prove_stack_bound(const ModuleFacts& facts, const std::vector<BodySummary>& bodies, const ScanInput& input,
                       const std::vector<TableFact>& tables, const std::vector<std::uint32_t>& loose_functions,
                       StackFact& stack) {
  const BoundProver prover(facts, bodies, input, tables, loose_functions);
  prover.fill_in(referenced_functions(bodies, tables, loose_functions), stack);
}

}  // namespace wml
