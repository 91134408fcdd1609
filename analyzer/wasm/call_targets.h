#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "analyzer/wasm/element_section.h"
#include "rules/model/module_facts.h"

namespace wml {

/// What a module says of a table.
struct TableFact {
  bool host_can_fill = false;            ///< imported or exported
  std::vector<std::uint32_t> functions;  ///< of active element segments
};

/// What is known of a module's code, beside what ModuleFacts tell.
struct ModuleCode {
  const std::vector<BodySummary>& bodies;
  const ScanInput& input;
  const std::vector<TableFact>& tables;
  const std::vector<ElementEntry>& segments;
  const std::vector<std::uint32_t>& initial_functions;  ///< of initial values of globals and tables
};

/// What a place that holds functions may hold.
struct HeldFunctions {
  std::vector<std::uint32_t> functions;  ///< sorted
  bool from_host_table = false;          ///< and what the host puts into an imported or exported table
  bool from_host_reference = false;      ///< and what references the host hands to the module
};

/// What calls through tables and references may reach.
struct CallTargets {
  std::vector<HeldFunctions> tables;
  HeldFunctions references;               ///< what code holds: in locals, globals, objects of the engine's heap
  std::vector<std::uint32_t> host_holds;  ///< what the host may come to hold, exports aside
  std::vector<std::uint32_t> all;         ///< what any of them may reach
};

/// Follows functions from where they start (element segments, initial values, ref.func) to where instructions may move
/// them: table.copy, table.init, table.get with table.set, and so on. No order of instructions is taken into account.
CallTargets find_call_targets(const ModuleFacts& facts, const ModuleCode& code);

}  // namespace wml
