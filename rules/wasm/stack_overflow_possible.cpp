#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (!module.stack || !module.stack->reserved_bytes) return;
  const StackFact& stack = *module.stack;
  const std::uint64_t reserved = stack.reserved_bytes->high;
  // Each entry starts with an empty stack, so each is compared by itself; the deepest one stands for all.
  for (const StackEntry& entry : stack.entries) {
    const FunctionStack& known = stack.functions[entry.function];
    if (known.cause || known.bound_bytes <= reserved) continue;
    Draft draft;
    draft.message =
        fmt::format("{} can take {} of stack, and {}{} are reserved", entry.name, bytes_text(known.bound_bytes),
                    stack.reserved_bytes->exact() ? "" : "at most ", bytes_text(reserved));
    draft.message += stack.place == StackPlace::after_data ? ": an overflow overwrites data, and nothing tells"
                     : stack.place == StackPlace::first    ? ": an overflow traps"
                                                           : "";
    draft.where.wasm = WasmLocation{.file_offset = module.functions[entry.function].file_offset,
                                    .function = entry.function,
                                    .function_name = module.functions[entry.function].name};
    constexpr std::uint64_t kAlignment = 16;  // wasm-ld refuses other sizes
    draft.help = fmt::format(
        "`wasm-memlint stack` shows the calls that do; make their frames smaller, or {}",
        advice::stack_size(module.toolchain.id, (known.bound_bytes + kAlignment - 1) / kAlignment * kAlignment));
    out.report(std::move(draft));
    return;
  }
}

}  // namespace

extern constinit const Rule stack_overflow_possible = {
    .info = {.id = "stack-overflow-possible",
             .summary = "Finds stacks that are smaller than the deepest chain of calls.",
             .default_severity = Severity::error,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
