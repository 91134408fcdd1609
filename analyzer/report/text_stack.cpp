#include "analyzer/report/text_stack.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/printable.h"
#include "analyzer/report/text_parts.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

std::string unbounded_text(const ModuleFacts& module, const Unbounded& cause) {
  const std::string first = function_text(module, cause.functions.front());
  switch (cause.reason) {
    case UnboundedBy::recursion:
      return cause.function_count == 1 ? fmt::format("{} calls itself", first)
                                       : fmt::format("{} and {} other function{} call each other", first,
                                                     cause.function_count - 1, cause.function_count == 2 ? "" : "s");
    case UnboundedBy::dynamic_allocation: return fmt::format("{} allocates an amount on it that is not known", first);
    case UnboundedBy::growth_in_a_loop: return fmt::format("{} allocates on it in a loop", first);
    case UnboundedBy::pointer_not_followed:
      return fmt::format("what {} does with its pointer could not be followed", first);
    case UnboundedBy::not_analysed: return fmt::format("{} could not be analysed", first);
  }
  return {};
}

std::string more_line(std::size_t all, std::size_t shown) {
  return all > shown ? fmt::format("    ... and {} more; --rows shows more of them\n", all - shown) : "";
}

std::string amount(const FunctionStack& known, std::uint64_t depth) {
  return known.cause ? "no bound" : std::to_string(depth + known.bound_bytes);
}

/// Appends a call and, indented, the calls below it.
void add_calls(const ModuleFacts& module, const std::vector<std::vector<std::uint32_t>>& children, std::uint32_t node,
               std::size_t rows, std::string& text) {
  struct Line {
    std::uint32_t node;
    std::size_t indent;
  };
  std::vector<Line> open{{node, 0}};
  while (!open.empty()) {
    const Line line = open.back();
    open.pop_back();
    const StackCall& call = module.stack->deepest_calls[line.node];
    const FunctionStack& known = module.stack->functions[call.function];
    text += fmt::format("    {:>10} {:>10}  {:<{}}{}\n", amount(known, call.depth), known.frame_bytes, "",
                        2 * std::min<std::size_t>(line.indent, 30), function_text(module, call.function));
    for (auto child = children[line.node].rbegin(); child != children[line.node].rend(); ++child) {
      if (*child < rows) open.push_back({*child, line.indent + 1});
    }
  }
}

std::string calls_block(const ModuleFacts& module, std::size_t rows) {
  const std::vector<StackCall>& calls = module.stack->deepest_calls;
  std::vector<std::vector<std::uint32_t>> children(calls.size());
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].parent) children[*calls[i].parent].push_back(i);
  }
  std::string text = fmt::format("\n  deepest calls (bytes)\n    {:>10} {:>10}  {}\n", "in all", "own frame", "call");
  for (std::uint32_t i = 0; i < std::min(rows, calls.size()); ++i) {
    if (!calls[i].parent) add_calls(module, children, i, rows, text);
  }
  return text;
}

std::string frames_block(const ModuleFacts& module, std::size_t rows) {
  const std::vector<std::uint32_t> frames = functions_by_frame(*module.stack);
  if (frames.empty()) return "";
  std::string text = "\n  biggest frames (bytes)\n";
  for (std::size_t i = 0; i < std::min(rows, frames.size()); ++i) {
    text += fmt::format("    {:>10}  {}\n", module.stack->functions[frames[i]].frame_bytes,
                        function_text(module, frames[i]));
  }
  return text + more_line(frames.size(), rows);
}

std::string entries_block(const ModuleFacts& module, std::size_t rows) {
  const StackFact& stack = *module.stack;
  std::string text = "\n  entries: what the host may call (bytes)\n";
  for (std::size_t i = 0; i < std::min(rows, stack.entries.size()); ++i) {
    const StackEntry& entry = stack.entries[i];
    const FunctionStack& known = stack.functions[entry.function];
    const std::string function = function_text(module, entry.function);
    const std::string name = printable(entry.name);
    text += fmt::format("    {:>10}  {}{}{}\n", amount(known, 0), name,
                        name == function ? "" : fmt::format(" ({})", function),
                        known.cause ? ": " + unbounded_text(module, stack.causes[*known.cause]) : "");
  }
  return text + more_line(stack.entries.size(), rows);
}

std::string causes_block(const ModuleFacts& module, std::size_t rows) {
  const std::vector<Unbounded>& causes = module.stack->causes;
  if (causes.empty()) return "";
  std::string text = "\n  what has no bound\n";
  for (std::size_t i = 0; i < std::min(rows, causes.size()); ++i) {
    text += fmt::format("    {}\n", unbounded_text(module, causes[i]));
    if (causes[i].reason != UnboundedBy::recursion || causes[i].function_count == 1) continue;
    constexpr std::size_t kNamed = 6;
    std::vector<std::string> names;
    for (const std::uint32_t function : causes[i].functions) {
      if (names.size() < kNamed) names.push_back(function_text(module, function));
    }
    text += fmt::format("      {}{}\n", fmt::join(names, ", "), causes[i].function_count > kNamed ? ", ..." : "");
  }
  return text + more_line(causes.size(), rows);
}

std::string module_block(const ModuleReport& report, const Paint& paint, std::size_t rows) {
  const ModuleFacts& module = report.module;
  std::string text = report_title(report, paint);
  if (!module.stack)
    return text +
           row("stack", "none: no global is a stack pointer, or an optimizer made it a constant that nothing moves");
  const StackFact& stack = *module.stack;
  text += row("stack", stack_text(stack), with_basis(stack.pointer_basis, paint));
  if (stack.entries.empty()) return text + row("stack use", "none: the module exports no function and starts none");
  text += row("stack use", stack_use_text(module, paint));
  for (const std::string& note : module.notes) text += row("note", printable(note));
  return text + calls_block(module, rows) + frames_block(module, rows) + entries_block(module, rows) +
         causes_block(module, rows);
}

}  // namespace

std::string stack_text(const StackFact& stack) {
  std::string text;
  if (!stack.reserved_bytes) {
    text = "size unknown";
  } else if (stack.reserved_bytes->exact()) {
    text = bytes_text(stack.reserved_bytes->low);
  } else {
    text = "at most " + bytes_text(stack.reserved_bytes->high);
    if (stack.likely_bytes) text += fmt::format(", {} if it is a default", bytes_text(*stack.likely_bytes));
  }
  if (stack.place) text += *stack.place == StackPlace::first ? ", below the data" : ", above the data";
  return fmt::format("{}, pointer is global {}", text, stack.pointer_global);
}

std::string stack_use_text(const ModuleFacts& module, const Paint& paint) {
  const StackFact& stack = *module.stack;
  const FunctionStack& worst = *stack.worst();
  if (worst.cause) return fmt::format("no bound: {}", unbounded_text(module, stack.causes[*worst.cause]));
  constexpr std::size_t kShown = 4;
  const std::vector<std::uint32_t> path = deepest_path(stack, stack.entries.front().function);
  std::string way;
  for (std::size_t i = 0; i < std::min(kShown, path.size()); ++i)
    way += (i == 0 ? "" : " > ") + function_text(module, path[i]);
  if (path.size() > kShown) way += fmt::format(" > {} more", path.size() - kShown);
  std::string text = fmt::format("at most {}", bytes_text(worst.bound_bytes));
  if (worst.bound_bytes > 0) text += "  " + paint.dim("by " + way);
  const std::string assumptions = fmt::format("{}", fmt::join(assumptions_of_all(stack), ", and "));
  if (!assumptions.empty()) text += paint.dim(", if " + printable(assumptions));
  return text;
}

std::string to_stack_text(std::span<const ModuleReport> reports, const TextStyle& style, std::size_t rows) {
  const Paint paint(style.color);
  std::string text;
  for (const ModuleReport& report : reports) {
    if (report.error) continue;
    if (!text.empty()) text += "\n";
    text += module_block(report, paint, rows);
  }
  return text;
}

}  // namespace wml
