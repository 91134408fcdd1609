#include "analyzer/wasm/call_targets.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "analyzer/sorted.h"

namespace wml {
namespace {

/// The places of a module, and what they hold as far as is known: of functions that there are.
class Places {
public:
  Places(const ModuleFacts& facts, const ModuleCode& code)
      : code_(code), functions_(facts.functions.size()), tables_(code.tables.size()), segments_(code.segments.size()) {
    for (std::size_t i = 0; i < code.tables.size(); ++i) {
      tables_[i].functions = code.tables[i].functions;
      tables_[i].from_host_table = code.tables[i].host_can_fill;
      add(code.initial_functions, tables_[i]);
    }
    for (std::size_t i = 0; i < code.segments.size(); ++i) {
      if (!code.segments[i].active) add(code.segments[i].functions, segments_[i]);  // active ones are dropped at start
    }
    references_.from_host_reference = true;
    add(code.initial_functions, references_);
    for (const BodySummary& body : code.bodies) {
      add(body.references, references_);
      moves_.insert(moves_.end(), body.moves.begin(), body.moves.end());
      if (!body.analysed) expect_anything(facts);
    }
    sort_and_unique(moves_);
    for (HeldFunctions& table : tables_) settle(table);
    for (HeldFunctions& segment : segments_) settle(segment);
    settle(references_);
    while (move_once()) {
    }
  }

  CallTargets take() {
    CallTargets targets{.tables = std::move(tables_), .references = std::move(references_)};
    targets.host_holds = targets.references.functions;
    targets.all = targets.references.functions;
    for (std::size_t i = 0; i < targets.tables.size(); ++i) {
      add(targets.tables[i].functions, targets.all);
      if (code_.tables[i].host_can_fill) add(targets.tables[i].functions, targets.host_holds);  // and take from it
    }
    for (const HeldFunctions& segment : segments_) add(segment.functions, targets.all);
    sort_and_unique(targets.host_holds);
    sort_and_unique(targets.all);
    return targets;
  }

private:
  void settle(HeldFunctions& place) const {
    sort_and_unique(place.functions);
    std::erase_if(place.functions, [this](std::uint32_t function) { return function >= functions_; });
  }

  static void add(std::span<const std::uint32_t> functions, std::vector<std::uint32_t>& to) {
    to.insert(to.end(), functions.begin(), functions.end());
  }
  static void add(std::span<const std::uint32_t> functions, HeldFunctions& to) { add(functions, to.functions); }

  /// An instruction that is not known may move any function that ref.func may name to any table.
  void expect_anything(const ModuleFacts& facts) {
    using enum FunctionPlace;
    for (const ExportedFunction& item : facts.function_exports) references_.functions.push_back(item.function);
    for (std::uint32_t i = 0; i < segments_.size(); ++i) moves_.push_back({segment, i, references, 0});
    for (std::uint32_t i = 0; i < tables_.size(); ++i) {
      moves_.push_back({table, i, references, 0});
      moves_.push_back({references, 0, table, i});
    }
  }

  HeldFunctions* place(FunctionPlace kind, std::uint32_t index) {
    if (kind == FunctionPlace::references) return &references_;
    std::vector<HeldFunctions>& places = kind == FunctionPlace::table ? tables_ : segments_;
    return index < places.size() ? &places[index] : nullptr;
  }

  /// Whether some place came to hold more.
  bool move_once() {
    bool changed = false;
    for (const FunctionMove& move : moves_) {
      const HeldFunctions* from = place(move.from, move.from_index);
      HeldFunctions* to = place(move.to, move.to_index);
      if (from == nullptr || to == nullptr || from == to) continue;
      std::vector<std::uint32_t> both;
      std::ranges::set_union(from->functions, to->functions, std::back_inserter(both));
      changed |= both.size() > to->functions.size() || (from->from_host_table && !to->from_host_table) ||
                 (from->from_host_reference && !to->from_host_reference);
      to->functions = std::move(both);
      to->from_host_table |= from->from_host_table;
      to->from_host_reference |= from->from_host_reference;
    }
    return changed;
  }

  const ModuleCode& code_;
  std::size_t functions_;  // of the module
  std::vector<HeldFunctions> tables_, segments_;
  HeldFunctions references_;
  std::vector<FunctionMove> moves_;
};

}  // namespace

CallTargets find_call_targets(const ModuleFacts& facts, const ModuleCode& code) { return Places(facts, code).take(); }

}  // namespace wml
