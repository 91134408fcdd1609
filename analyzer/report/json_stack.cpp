#include <algorithm>

#include "analyzer/demangle.h"
#include "analyzer/report/json.h"
#include "analyzer/report/json_parts.h"
#include "analyzer/version.h"

namespace wml {
namespace {

constexpr std::size_t kShown = 20;  // of each list, in the report of `check`

Json functions_json(const ModuleFacts& module, const std::vector<std::uint32_t>& functions) {
  Json list = Json::array();
  for (const std::uint32_t function : functions) list.push_back(function_json(module, function));
  return list;
}

Json to_json(const ModuleFacts& module, const Unbounded& cause) {
  return {{"reason", to_string(cause.reason)},
          {"functions", functions_json(module, cause.functions)},
          {"function_count", cause.function_count}};
}

/// `bytes`, `assumptions`, `unbounded_by` and `path` of a bound.
void add_bound(const ModuleFacts& module, std::uint32_t function, Json& out) {
  const StackFact& stack = *module.stack;
  const FunctionStack& known = stack.functions[function];
  out["bytes"] = known.cause ? Json(nullptr) : Json(known.bound_bytes);
  out["assumptions"] = known.cause ? Json::array() : Json(assumptions_of(stack, known));
  out["unbounded_by"] = known.cause ? to_json(module, stack.causes[*known.cause]) : Json(nullptr);
  out["path"] = functions_json(module, deepest_path(stack, function));
}

Json bound_json(const ModuleFacts& module, ListLength length) {
  const StackFact& stack = *module.stack;
  if (stack.entries.empty()) return nullptr;
  const std::size_t most = length == ListLength::whole ? ~std::size_t{0} : kShown;
  Json bound;
  add_bound(module, stack.entries.front().function, bound);
  if (stack.bound_bytes()) bound["assumptions"] = assumptions_of_all(stack);
  bound["entries"] = Json::array();
  for (std::size_t i = 0; i < std::min(most, stack.entries.size()); ++i) {
    Json entry = {{"name", stack.entries[i].name}, {"function", stack.entries[i].function}};
    add_bound(module, stack.entries[i].function, entry);
    bound["entries"].push_back(std::move(entry));
  }
  bound["entry_count"] = stack.entries.size();
  bound["frames"] = Json::array();
  const std::vector<std::uint32_t> frames = functions_by_frame(stack);
  for (std::size_t i = 0; i < std::min(most, frames.size()); ++i) {
    Json frame = function_json(module, frames[i]);
    frame["bytes"] = stack.functions[frames[i]].frame_bytes;
    frame["from_ir"] = stack.functions[frames[i]].frame_from_ir;
    bound["frames"].push_back(std::move(frame));
  }
  bound["frame_count"] = frames.size();
  bound["cycles"] = std::ranges::count(stack.causes, UnboundedBy::recursion, &Unbounded::reason);
  if (length == ListLength::shown) return bound;
  bound["causes"] = Json::array();
  for (const Unbounded& cause : stack.causes) bound["causes"].push_back(to_json(module, cause));
  bound["deepest_calls"] = Json::array();
  for (const StackCall& call : stack.deepest_calls) {
    Json node = function_json(module, call.function);
    node["parent"] = or_null(call.parent);
    node["depth"] = call.depth;
    bound["deepest_calls"].push_back(std::move(node));
  }
  return bound;
}

}  // namespace

Json function_json(const ModuleFacts& module, std::uint32_t function) {
  const std::string& name = module.functions[function].name;
  return {{"function", function}, {"name", name.empty() ? Json(nullptr) : Json(demangle(name))}};
}

Json error_json(const ModuleReport& report) {
  return {{"path", report.path},
          {"error", {{"message", report.error->message}, {"offset", or_null(report.error->offset)}}}};
}

Json component_json(const ModuleFacts& module) {
  if (!module.component_index) return nullptr;
  return {{"index", *module.component_index}, {"offset", module.module_offset}};
}

Json stack_json(const ModuleFacts& module, ListLength length) {
  if (!module.stack) return nullptr;
  const StackFact& stack = *module.stack;
  Json reserved = nullptr;
  if (stack.reserved_bytes) reserved = {{"low", stack.reserved_bytes->low}, {"high", stack.reserved_bytes->high}};
  return {{"pointer_global", stack.pointer_global},
          {"pointer_initial", or_null(stack.pointer_initial)},
          {"pointer_evidence", to_string(stack.pointer_basis.evidence)},
          {"pointer_how", stack.pointer_basis.how},
          {"reserved_bytes", reserved},
          {"likely_bytes", or_null(stack.likely_bytes)},
          {"evidence", to_string(stack.size_basis.evidence)},
          {"how", stack.size_basis.how},
          {"bound", bound_json(module, length)}};
}

std::string json_report(Json modules) {
  const Json root = {{"schema_version", 1},
                     {"tool", {{"name", "wasm-memlint"}, {"version", kVersion}}},
                     {"modules", std::move(modules)}};
  // Names in a module need not be UTF-8; JSON must be.
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_stack_json(std::span<const ModuleReport> reports) {
  Json modules = Json::array();
  for (const ModuleReport& report : reports) {
    if (report.error) {
      modules.push_back(error_json(report));
    } else {
      modules.push_back({{"path", report.path},
                         {"error", nullptr},
                         {"component", component_json(report.module)},
                         {"stack", stack_json(report.module, ListLength::whole)},
                         {"notes", report.module.notes}});
    }
  }
  return json_report(std::move(modules));
}

}  // namespace wml
