#include <fmt/format.h>

#include "rules/rule.h"

namespace wml::rule {
namespace {

std::string describe(const Unbounded& cause) {
  const std::string first = fmt::format("function {}", cause.functions.front());
  switch (cause.reason) {
    case UnboundedBy::recursion:
      return cause.function_count == 1
                 ? first + " calls itself"
                 : fmt::format("{} is one of {} functions that call each other", first, cause.function_count);
    case UnboundedBy::dynamic_allocation: return first + " allocates an amount that is not known (alloca)";
    case UnboundedBy::growth_in_a_loop: return first + " allocates in a loop (alloca)";
    case UnboundedBy::pointer_not_followed: return first + " sets the stack pointer to what could not be followed";
    case UnboundedBy::not_analysed: return first + " has an instruction that is not known here";
  }
  return {};
}

std::string_view advise(UnboundedBy reason) {
  switch (reason) {
    case UnboundedBy::recursion:
      return "limit the depth in the code, and tell it in wasm-memlint.toml: [stack.recursion] \"NAME\" = CALLS";
    case UnboundedBy::dynamic_allocation:
    case UnboundedBy::growth_in_a_loop: return "use a buffer of constant size, or the heap above a limit";
    case UnboundedBy::pointer_not_followed:
    case UnboundedBy::not_analysed: return "";
  }
  return "";
}

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (!module.stack || module.stack->worst() == nullptr || !module.stack->worst()->cause) return;
  const Unbounded& cause = module.stack->causes[*module.stack->worst()->cause];
  Draft draft;
  draft.message = fmt::format("the stack has no bound: {}", describe(cause));
  const FunctionFact& first = module.functions[cause.functions.front()];
  draft.where.wasm =
      WasmLocation{.file_offset = first.file_offset, .function = first.index, .function_name = first.name};
  draft.help = advise(cause.reason);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule stack_unbounded = {
    .info = {.id = "stack-unbounded",
             .summary = "Finds what keeps the stack from having a bound: a recursion, an alloca.",
             .default_severity = Severity::info,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
