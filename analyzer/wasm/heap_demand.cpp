#include "analyzer/wasm/heap_demand.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "analyzer/wasm/body_scanner.h"

namespace wml {
namespace {

/// Which of a function's arguments say how much it allocates.
enum class Sizes : std::uint8_t {
  none,     ///< it does not allocate
  first,    ///< malloc(size)
  second,   ///< realloc(block, size)
  product,  ///< calloc(count, size)
  aligned,  ///< aligned_alloc(alignment, size)
  unknown,
};

struct KnownName {
  std::string_view name;
  Sizes sizes;
};

/// As they stand in name sections and exports. What they call of each other is no site.
constexpr std::array<KnownName, 26> kNames{{
    {"malloc", Sizes::first},
    {"dlmalloc", Sizes::first},
    {"emscripten_builtin_malloc", Sizes::first},
    {"_Znwm", Sizes::first},
    {"_Znwj", Sizes::first},
    {"_Znam", Sizes::first},
    {"_Znaj", Sizes::first},
    {"operator new(unsigned long)", Sizes::first},
    {"operator new[](unsigned long)", Sizes::first},
    {"__rust_alloc", Sizes::first},
    {"__rdl_alloc", Sizes::first},
    {"__rust_alloc_zeroed", Sizes::first},
    {"__rdl_alloc_zeroed", Sizes::first},
    {"calloc", Sizes::product},
    {"dlcalloc", Sizes::product},
    {"__libc_calloc", Sizes::product},
    {"emscripten_builtin_calloc", Sizes::product},
    {"realloc", Sizes::second},
    {"dlrealloc", Sizes::second},
    {"aligned_alloc", Sizes::aligned},
    {"memalign", Sizes::aligned},
    {"dlmemalign", Sizes::aligned},
    {"internal_memalign", Sizes::unknown},
    {"posix_memalign", Sizes::unknown},
    {"__rust_realloc", Sizes::unknown},
    {"__rdl_realloc", Sizes::unknown},
}};

Sizes sizes_of(std::string_view name) {
  // Most names of a module are longer than all of these.
  constexpr std::size_t kLongest =
      std::ranges::max(kNames, {}, [](const KnownName& known) { return known.name.size(); }).name.size();
  if (name.empty() || name.size() > kLongest) return Sizes::none;
  const auto known = std::ranges::find(kNames, name, &KnownName::name);
  return known == kNames.end() ? Sizes::none : known->sizes;
}

/// What the names say of each function; an export's counts where the function's own is none of them.
std::vector<Sizes> sizes_by_name(const ModuleFacts& facts) {
  std::vector<Sizes> sizes(facts.functions.size(), Sizes::none);
  for (const FunctionFact& function : facts.functions) {
    if (!function.import) sizes[function.index] = sizes_of(function.name);
  }
  for (const ExportedFunction& item : facts.function_exports) {
    if (!facts.functions[item.function].import && sizes[item.function] == Sizes::none)
      sizes[item.function] = sizes_of(item.name);
  }
  return sizes;
}

/// How often a function can be entered from the start on, or why that has no bound.
struct Entries {
  std::uint64_t count = 0;  ///< 0: it cannot be reached
  std::optional<HeapObstacle> obstacle;

  bool reached() const { return count > 0 || obstacle; }
  void add(const Entries& more) {
    count = saturating_add(count, more.count);
    if (!obstacle) obstacle = more.obstacle;
  }
};

class DemandFinder {
public:
  DemandFinder(ByteSpan file, const ModuleFacts& facts, const ModuleCode& code)
      : facts_(facts), code_(code), sizes_(sizes_by_name(facts)), input_(code.input), scanner_(file, input_) {
    input_.watched.resize(facts.functions.size());
  }

  std::optional<HeapDemand> find(const CallGraph& graph, const Components& components) {
    if (!find_allocating_functions()) return std::nullopt;
    count_entries(graph, components);
    HeapDemand demand;
    add_sites(demand);
    find_growers(graph, demand);
    return demand;
  }

private:
  bool is_allocating(std::uint32_t function) const { return sizes_[function] != Sizes::none; }

  void set_sizes(std::uint32_t function, Sizes sizes) {
    sizes_[function] = sizes;
    input_.watched[function] = sizes != Sizes::none;
  }

  bool find_allocating_functions() {
    named_ = std::ranges::any_of(sizes_, [](Sizes sizes) { return sizes != Sizes::none; });
    if (named_) return true;
    bool found = false;
    for (const std::uint32_t function : facts_.allocator.functions) {
      const FunctionType* type = code_.input.type_of_function(function);
      if (type == nullptr || type->params != 1 || type->results != 1) continue;
      set_sizes(function, Sizes::first);
      found = true;
    }
    if (found) find_wrappers();
    return found;
  }

  /// Without names, malloc may be a function that hands its argument to dlmalloc and gives back what it gets.
  void find_wrappers() {
    for (std::size_t i = 0; i < code_.bodies.size(); ++i) {
      const std::uint32_t function = code_.input.imported_functions + static_cast<std::uint32_t>(i);
      const FunctionType* type = code_.input.type_of_function(function);
      if (is_allocating(function) || type == nullptr || type->params != 1 || type->results != 1) continue;
      const ShortList<WatchedCall> calls = allocating_calls(i);
      if (calls.size() == 1 && calls.front().loops == 0 && calls.front().passes_its_own_first &&
          sizes_[calls.front().callee] == Sizes::first) {
        set_sizes(function, Sizes::first);
      }
    }
  }

  /// The calls of allocating functions in a body, with their arguments. The scan watched those that have names; the
  /// bodies that call others are scanned again.
  ShortList<WatchedCall> allocating_calls(std::size_t body) {
    if (named_) return code_.bodies[body].watched_calls;
    const ShortList<Call>& calls = code_.bodies[body].calls;
    if (std::ranges::none_of(
            calls, [this](const Call& call) { return call.callee < sizes_.size() && is_allocating(call.callee); }))
      return {};
    BodySummary summary;
    summary.file_offset = code_.bodies[body].file_offset;
    summary.bytes = code_.bodies[body].bytes;
    scanner_.scan(input_.imported_functions + static_cast<std::uint32_t>(body), summary);
    return std::move(summary.watched_calls);
  }

  /// Walks callers before callees. What is called in a loop, in a recursion or through a table has no count.
  void count_entries(const CallGraph& graph, const Components& components) {
    entries_.resize(graph.size());
    const auto enter = [&](std::uint32_t function, bool once) {
      if (is_allocating(function)) once = false;
      entries_[function].add(once ? Entries{.count = 1} : Entries{.obstacle = HeapObstacle::called_by_host});
    };
    if (facts_.start) enter(facts_.start->function, true);
    for (const ExportedFunction& item : facts_.function_exports)
      enter(item.function, item.name == "_start" || item.name == "_initialize");
    if (std::ranges::any_of(code_.tables, &TableFact::host_can_fill)) {
      for (const std::uint32_t function : facts_.table_functions) enter(function, false);
    }
    for (std::size_t id = components.size(); id-- > 0;) {
      const std::span<const std::uint32_t> component = components[id];
      const bool recursive = std::ranges::any_of(component, [&](std::uint32_t node) {
        return std::ranges::any_of(graph.edges[node],
                                   [&](const CallGraph::Edge& edge) { return components.of(edge.target) == id; });
      });
      if (recursive) {
        Entries all;
        for (const std::uint32_t node : component) all.add(entries_[node]);
        if (all.reached() && !all.obstacle) all.obstacle = HeapObstacle::in_a_recursion;
        for (const std::uint32_t node : component) entries_[node] = all;
      }
      for (const std::uint32_t node : component) {
        if (entries_[node].reached()) pass_on(graph, node, components);
      }
    }
  }

  void pass_on(const CallGraph& graph, std::uint32_t node, const Components& components) {
    const Entries own = entries_[node];
    const bool is_body = graph.is_function(node) && node >= code_.input.imported_functions;
    if (is_body) {
      for (const Call& call : code_.bodies[node - code_.input.imported_functions].calls) {
        if (call.callee >= graph.functions || components.of(call.callee) == components.of(node)) continue;
        Entries made{.count = saturating_multiply(own.count, call.sites), .obstacle = own.obstacle};
        if (call.loops > 0 && !made.obstacle) made.obstacle = HeapObstacle::in_a_loop;
        entries_[call.callee].add(made);
      }
    }
    for (const CallGraph::Edge& edge : graph.edges[node]) {
      const bool direct = is_body && graph.is_function(edge.target);
      if (direct || components.of(edge.target) == components.of(node)) continue;
      entries_[edge.target].add(
          {.count = own.count, .obstacle = own.obstacle ? own.obstacle : HeapObstacle::through_a_table});
    }
  }

  void add_sites(HeapDemand& demand) {
    for (std::size_t i = 0; i < code_.bodies.size(); ++i) {
      const std::uint32_t function = code_.input.imported_functions + static_cast<std::uint32_t>(i);
      if (is_allocating(function) || !entries_[function].reached()) continue;
      for (const WatchedCall& call : allocating_calls(i)) add_site(function, call, demand);
    }
    std::ranges::stable_sort(demand.obstacles, std::ranges::greater{},
                             [](const HeapSite& site) { return site.bytes.value_or(0); });
  }

  void add_site(std::uint32_t function, const WatchedCall& call, HeapDemand& demand) {
    ++demand.sites;
    HeapSite site{
        .function = function, .callee = call.callee, .file_offset = call.file_offset, .bytes = requested(call)};
    if (entries_[function].obstacle) {
      site.obstacle = *entries_[function].obstacle;
    } else if (call.loops > 0) {
      site.obstacle = HeapObstacle::in_a_loop;
    } else if (!site.bytes) {
      site.obstacle = HeapObstacle::unknown_size;
    } else {
      demand.requests.push_back({*site.bytes, entries_[function].count});
      return;
    }
    demand.obstacles.push_back(site);
  }

  std::optional<std::uint64_t> requested(const WatchedCall& call) const {
    switch (sizes_[call.callee]) {
      case Sizes::first: return call.first;
      case Sizes::second: return call.second;
      case Sizes::product:
        return call.first && call.second ? std::optional(saturating_multiply(*call.first, *call.second)) : std::nullopt;
      case Sizes::aligned:
        // The block, what it is moved by, and the smallest block in front of it.
        return call.first && call.second ? std::optional(saturating_add(*call.second, *call.first + 32)) : std::nullopt;
      case Sizes::none:
      case Sizes::unknown: break;
    }
    return std::nullopt;
  }

  /// Functions that grow memory although no allocating function was called on the way to them.
  void find_growers(const CallGraph& graph, HeapDemand& demand) const {
    std::vector<bool> seen(graph.size());
    std::vector<std::uint32_t> open;
    const auto visit = [&](std::uint32_t node) {
      if (seen[node] || (graph.is_function(node) && is_allocating(node))) return;
      seen[node] = true;
      open.push_back(node);
    };
    if (facts_.start) visit(facts_.start->function);
    for (const ExportedFunction& item : facts_.function_exports) visit(item.function);
    if (std::ranges::any_of(code_.tables, &TableFact::host_can_fill)) {
      for (const std::uint32_t function : facts_.table_functions) visit(function);
    }
    while (!open.empty()) {
      const std::uint32_t node = open.back();
      open.pop_back();
      const bool is_body = graph.is_function(node) && node >= code_.input.imported_functions;
      if (is_body && !code_.bodies[node - code_.input.imported_functions].grows.empty()) demand.growers.push_back(node);
      for (const CallGraph::Edge& edge : graph.edges[node]) visit(edge.target);
    }
  }

  const ModuleFacts& facts_;
  const ModuleCode& code_;
  std::vector<Sizes> sizes_;  // by function
  bool named_ = false;        // by their names
  ScanInput input_;           // which watches the allocating functions
  BodyScanner scanner_;
  std::vector<Entries> entries_;  // by node of the call graph
};

}  // namespace

std::vector<bool> named_allocating_functions(const ModuleFacts& facts) {
  const std::vector<Sizes> sizes = sizes_by_name(facts);
  std::vector<bool> named(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) named[i] = sizes[i] != Sizes::none;
  return named;
}

std::optional<HeapDemand> find_heap_demand(ByteSpan file, const ModuleFacts& facts, const ModuleCode& code,
                                           const CallGraph& graph, const Components& components) {
  return DemandFinder(file, facts, code).find(graph, components);
}

}  // namespace wml
