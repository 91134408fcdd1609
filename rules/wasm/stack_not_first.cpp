#include <fmt/format.h>

#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (!module.stack || module.stack->place != StackPlace::after_data || module.dylink) return;
  if (module.toolchain.id == Toolchain::assemblyscript)
    return;  // its stack holds references only, and it checks for overflow
  Draft draft;
  draft.message = "the stack lies above the data: when it overflows it overwrites data instead of trapping";
  draft.where.wasm = WasmLocation{.address = module.stack->pointer_initial};
  draft.help = advice::stack_first(module.toolchain.id);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule stack_not_first = {
    .info = {.id = "stack-not-first",
             .summary = "Finds stacks whose overflow corrupts data.",
             .default_severity = Severity::info,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
