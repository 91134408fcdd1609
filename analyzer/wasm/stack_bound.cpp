#include "analyzer/wasm/stack_bound.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "analyzer/wasm/callee_facts.h"
#include "analyzer/wasm/stack_tree.h"

// The deepest path through the call graph: a function reaches its own depth, or the depth of its stack pointer at a
// call plus what the callee reaches. Cycles that take no stack cost nothing; cycles that do have no bound, unless the
// configuration limits how often each of them is entered. A function whose pointer could not be followed has none
// either, and so have those that call it.

namespace wml {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// What bounds may rest on; recursion limits take the bits from kFirstLimit on.
enum : std::uint64_t {
  kHostStaysAway = 1,
  kHostFillsNoTable = 2,
  kHostHandsNoReference = 4,
  kHostMovesNoPointer = 8,
};
constexpr std::uint32_t kFirstLimit = 4;

/// What is known of a node once everything that it calls is done with.
struct NodeBound {
  std::uint64_t bytes = 0;
  std::uint32_t next = kNone;   ///< the node that the deepest path goes to, or the way to the cause
  std::uint32_t cause = kNone;  ///< index into the causes: no bound
  std::uint64_t assumptions = 0;
};

class BoundProver {
public:
  BoundProver(const ModuleFacts& facts, const ModuleCode& code, const CallTargets& targets, const CallGraph& graph,
              const Components& components, const std::vector<RecursionLimit>& limits)
      : facts_(facts),
        code_(code),
        targets_(targets),
        limits_(limits),
        limit_of_(limits_by_function(facts, limits)),
        graph_(graph),
        components_(components),
        returns_first_(functions_returning_first(code.bodies, code.input.imported_functions)),
        bounds_(graph_.size()) {
    find_helpers();
    for (std::size_t i = 0; i < components.size(); ++i) bound_component(components[i]);
  }

  void fill_in(StackFact& stack) const {
    constexpr std::size_t kMostCalls = 40;
    stack.causes = causes_;
    add_functions(stack);
    add_entries(stack);
    add_assumptions(stack);
    stack.deepest_calls = deepest_calls(graph_, stack, kMostCalls);
  }

private:
  const BodySummary* body_of(std::uint32_t function) const {
    return function >= code_.input.imported_functions && graph_.is_function(function)
               ? &code_.bodies[function - code_.input.imported_functions]
               : nullptr;
  }

  /// Functions that move the stack pointer for their caller and do nothing else: stackAlloc, stackRestore.
  void find_helpers() {
    helper_.resize(graph_.functions);
    for (std::uint32_t function = code_.input.imported_functions; function < graph_.functions; ++function) {
      const BodySummary& body = *body_of(function);
      helper_[function] =
          body.analysed && body.frame.leaves_pointer_changed && body.calls.empty() && body.indirect_calls.empty();
    }
    reached_helper_.resize(graph_.size(), kNone);
    for (std::uint32_t node = 0; node < graph_.size(); ++node) {
      if (graph_.is_function(node)) {
        if (helper_[node]) reached_helper_[node] = node;
        continue;
      }
      const auto found =
          std::ranges::find_if(graph_.edges[node], [this](const auto& edge) { return helper_[edge.target]; });
      if (found != graph_.edges[node].end()) reached_helper_[node] = found->target;
    }
  }

  std::uint32_t add_cause(UnboundedBy reason, std::vector<std::uint32_t> functions) {
    const std::size_t count = functions.size();
    functions.resize(std::min(count, Unbounded::kNamedFunctions));
    causes_.push_back({reason, std::move(functions), count});
    return static_cast<std::uint32_t>(causes_.size() - 1);
  }

  bool returns_first_argument(std::uint32_t function) const {
    return function < returns_first_.size() && returns_first_[function];
  }

  /// What has to hold for a call to reach only functions that are known here.
  std::uint64_t assumed_of(const IndirectCall& call) const {
    const bool has_table = call.table && *call.table < targets_.tables.size();
    const HeldFunctions& held = has_table ? targets_.tables[*call.table] : targets_.references;
    return (held.from_host_table ? kHostFillsNoTable : 0) | (held.from_host_reference ? kHostHandsNoReference : 0);
  }

  /// What a function's own body allows to say, its calls aside.
  NodeBound own_bound(std::uint32_t node) {
    NodeBound bound;
    if (!graph_.is_function(node)) return bound;
    const BodySummary* body = body_of(node);
    if (body == nullptr) {
      if (!facts_.functions[node].import->module.starts_with("wasi_")) bound.assumptions = kHostStaysAway;
      return bound;
    }
    bound.bytes = body->frame.depth;
    for (const IndirectCall& call : body->indirect_calls) bound.assumptions |= assumed_of(call);
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

  /// A call to a helper, or to what may be one, moves the pointer, and the scan did not see it.
  void check_helper_calls(std::uint32_t node, NodeBound& bound) {
    if (bound.cause != kNone || !graph_.is_function(node)) return;
    for (const CallGraph::Edge& edge : graph_.edges[node]) {
      const std::uint32_t helper = reached_helper_[edge.target];
      if (helper == kNone) continue;
      const bool allocates = body_of(helper)->frame.kind == FrameKind::dynamic;
      bound.cause =
          add_cause(allocates ? UnboundedBy::dynamic_allocation : UnboundedBy::pointer_not_followed, {node, helper});
      return;
    }
  }

  bool is_inside(std::uint32_t node, const CallGraph::Edge& edge) const {
    return components_.of(edge.target) == components_.of(node);
  }

  /// The bound of a node when the calls inside its component are left aside.
  NodeBound bound_outside(std::uint32_t node) {
    NodeBound bound = own_bound(node);
    check_helper_calls(node, bound);
    for (const CallGraph::Edge& edge : graph_.edges[node]) {
      if (!is_inside(node, edge)) merge(bound, bounds_[edge.target], edge.depth, edge.target);
    }
    return bound;
  }

  void bound_component(std::span<const std::uint32_t> component) {
    if (component.size() == 1 && std::ranges::none_of(graph_.edges[component.front()], [&](const auto& edge) {
          return is_inside(component.front(), edge);
        })) {
      bounds_[component.front()] = bound_outside(component.front());
      return;
    }
    NodeBound bound;
    bool recursion_takes_stack = false;
    for (const std::uint32_t node : component) {
      bounds_[node] = bound_outside(node);
      merge(bound, bounds_[node], 0, bounds_[node].next);
      for (const CallGraph::Edge& edge : graph_.edges[node])
        recursion_takes_stack |= is_inside(node, edge) && edge.depth > 0;
    }
    if (recursion_takes_stack && bound.cause == kNone) {
      if (bound_limited(component, bound)) return;
      std::vector<std::uint32_t> members;
      std::ranges::copy_if(component, std::back_inserter(members),
                           [this](std::uint32_t node) { return graph_.is_function(node); });
      std::ranges::sort(members);
      bound.cause = add_cause(UnboundedBy::recursion, std::move(members));
      bound.next = kNone;
    }
    for (const std::uint32_t node : component) bounds_[node] = bound;
  }

  bool is_limited(std::uint32_t node) const { return graph_.is_function(node) && limit_of_[node].has_value(); }

  /// Bounds a recursion by the configuration's limits: false when a cycle has none of the limited functions in it.
  ///
  /// A path through the component is cut before each call of a limited function. What lies between two cuts has no
  /// cycle, and its longest way is known; there are at most as many cuts as the limits allow.
  bool bound_limited(std::span<const std::uint32_t> component, NodeBound bound) {
    std::vector<std::uint32_t> order;
    if (std::ranges::none_of(component, [this](std::uint32_t node) { return is_limited(node); }) ||
        !order_without_limited(component, order)) {
      return false;
    }
    struct Way {
      std::uint64_t to_cut = 0;  ///< the deepest that the pointer is when a limited function is called
      std::uint64_t to_end = 0;  ///< the deepest that it gets when none is called any more
    };
    std::vector<Way> ways(graph_.size());
    std::uint64_t cuts = 0;
    for (const std::uint32_t node : order) {
      Way& way = ways[node];
      way.to_end = bounds_[node].bytes;
      for (const CallGraph::Edge& edge : graph_.edges[node]) {
        if (!is_inside(node, edge)) continue;
        const Way callee = is_limited(edge.target) ? Way{} : ways[edge.target];
        way.to_cut = std::max(way.to_cut, saturating_add(callee.to_cut, edge.depth));
        way.to_end = std::max(way.to_end, saturating_add(edge.depth, callee.to_end));
      }
      if (!is_limited(node)) continue;
      const std::uint32_t limit = *limit_of_[node];
      cuts = saturating_add(cuts, saturating_multiply(limits_[limit].count, way.to_cut));
      bound.assumptions |= std::uint64_t{1} << (kFirstLimit + limit);
    }
    // The last limited function that is entered goes to an end instead of to another cut.
    std::uint64_t cut = 0;
    for (const std::uint32_t node : order) {
      if (is_limited(node)) cut = std::max(cut, saturating_add(cuts - ways[node].to_cut, ways[node].to_end));
    }
    bound.next = kNone;
    for (const std::uint32_t node : order) {
      const std::uint64_t first_cut = is_limited(node) ? 0 : ways[node].to_cut;
      bound.bytes = std::max(is_limited(node) ? 0 : ways[node].to_end, saturating_add(first_cut, cut));
      bounds_[node] = bound;
    }
    return true;
  }

  /// The component's nodes, callees before callers where calls of limited functions do not count; false when there is
  /// a cycle without them.
  bool order_without_limited(std::span<const std::uint32_t> component, std::vector<std::uint32_t>& order) const {
    enum class Mark : std::uint8_t { unseen, open, done };
    struct Visit {
      std::uint32_t node;
      std::size_t next_edge = 0;
    };
    std::vector<Mark> marks(graph_.size(), Mark::unseen);
    std::vector<Visit> visits;
    for (const std::uint32_t root : component) {
      if (marks[root] != Mark::unseen) continue;
      marks[root] = Mark::open;
      visits.push_back({root});
      while (!visits.empty()) {
        Visit& visit = visits.back();
        if (visit.next_edge == graph_.edges[visit.node].size()) {
          marks[visit.node] = Mark::done;
          order.push_back(visit.node);
          visits.pop_back();
          continue;
        }
        const CallGraph::Edge& edge = graph_.edges[visit.node][visit.next_edge++];
        if (!is_inside(root, edge) || is_limited(edge.target)) continue;
        if (marks[edge.target] == Mark::open) return false;
        if (marks[edge.target] == Mark::done) continue;
        marks[edge.target] = Mark::open;
        visits.push_back({edge.target});
      }
    }
    return true;
  }

  static void merge(NodeBound& into, const NodeBound& from, std::uint64_t depth, std::uint32_t via) {
    into.assumptions |= from.assumptions;
    const std::uint64_t bytes = saturating_add(from.bytes, depth);
    if (into.cause == kNone && (from.cause != kNone || bytes > into.bytes)) into.next = via;
    if (into.cause == kNone) into.cause = from.cause;
    into.bytes = std::max(into.bytes, bytes);
  }

  /// The function that a path goes to, nodes of indirect calls passed over.
  std::optional<std::uint32_t> function_after(std::uint32_t node) const {
    std::uint32_t next = bounds_[node].next;
    while (next != kNone && !graph_.is_function(next)) next = bounds_[next].next;
    return next == kNone ? std::nullopt : std::optional(next);
  }

  void add_functions(StackFact& stack) const {
    stack.functions.resize(graph_.functions);
    const std::uint64_t always = moved_by_host().empty() ? 0 : kHostMovesNoPointer;
    for (std::uint32_t function = 0; function < graph_.functions; ++function) {
      const NodeBound& bound = bounds_[function];
      FunctionStack& known = stack.functions[function];
      if (const BodySummary* body = body_of(function)) {
        known.frame_bytes = body->frame.depth;
        known.frame_from_ir = body->frame.from_ir;
      }
      known.bound_bytes = bound.bytes;
      known.next = function_after(function);
      if (bound.cause != kNone) known.cause = bound.cause;
      known.assumptions = bound.assumptions | always;
    }
  }

  void add_entries(StackFact& stack) const {
    std::vector<bool> is_export(graph_.functions);
    const auto add = [&](const std::string& name, std::uint32_t function) {
      if (body_of(function) != nullptr && !helper_[function]) stack.entries.push_back({name, function});
    };
    if (facts_.start) add("start", facts_.start->function);
    for (const ExportedFunction& item : facts_.function_exports) {
      is_export[item.function] = true;
      add(item.name, item.function);
    }
    for (const std::uint32_t function : targets_.host_holds) {
      if (!is_export[function]) add("table", function);
    }
    std::ranges::stable_sort(stack.entries, std::ranges::greater{}, [&](const StackEntry& entry) {
      const FunctionStack& known = stack.functions[entry.function];
      return known.cause ? ~std::uint64_t{0} : known.bound_bytes;
    });
  }

  /// An export that moves the stack pointer for its caller; empty when there is none.
  std::string moved_by_host() const {
    for (const ExportedFunction& item : facts_.function_exports) {
      if (body_of(item.function) != nullptr && helper_[item.function]) return item.name;
    }
    return {};
  }

  void add_assumptions(StackFact& stack) const {
    stack.assumptions = {"imported functions other than WASI's do not call back into the module",
                         "the host puts no further function of the module into its tables",
                         "the host hands the module no further reference to one of its functions",
                         fmt::format("the host moves the stack pointer by no export, as {} could", moved_by_host())};
    for (const RecursionLimit& limit : limits_) {
      stack.assumptions.push_back(fmt::format(
          "at most {} calls of {} are on the stack at once, as the configuration says", limit.count, limit.function));
    }
  }

  const ModuleFacts& facts_;
  const ModuleCode& code_;
  const CallTargets& targets_;
  const std::vector<RecursionLimit>& limits_;
  std::vector<std::optional<std::uint32_t>> limit_of_;
  const CallGraph& graph_;
  const Components& components_;
  std::vector<bool> returns_first_;
  std::vector<NodeBound> bounds_;
  std::vector<bool> helper_;
  std::vector<std::uint32_t> reached_helper_;  // by node: itself, or one that a call through a table may reach
  std::vector<Unbounded> causes_;
};

}  // namespace

void prove_stack_bound(const ModuleFacts& facts, const ModuleCode& code, const CallTargets& targets,
                       const CallGraph& graph, const Components& components, const std::vector<RecursionLimit>& limits,
                       StackFact& stack) {
  BoundProver(facts, code, targets, graph, components, limits).fill_in(stack);
}

}  // namespace wml
