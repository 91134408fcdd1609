#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-kib", std::int64_t{16}, "Report functions whose own frame is larger than this many KiB."},
};

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (!module.stack) return;
  const std::uint64_t most = options.number("max-kib") * 1024;
  for (const std::uint32_t index : functions_by_frame(*module.stack)) {
    const std::uint64_t bytes = module.stack->functions[index].frame_bytes;
    if (bytes <= most) return;  // the biggest come first
    const FunctionFact& function = module.functions[index];
    Draft draft;
    draft.message = fmt::format("this function takes {} of stack in each call", bytes_text(bytes));
    if (const auto& reserved = module.stack->reserved_bytes; reserved && reserved->exact())
      draft.message += fmt::format(", of {} that are reserved", bytes_text(reserved->low));
    draft.where.wasm =
        WasmLocation{.file_offset = function.file_offset, .function = index, .function_name = function.name};
    draft.help = "make its local arrays and structs smaller or static, or allocate them; inlined callees count";
    out.report(std::move(draft));
  }
}

}  // namespace

extern constinit const Rule stack_large_frame = {
    .info = {.id = "stack-large-frame",
             .summary = "Finds functions with large local arrays and structs.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
