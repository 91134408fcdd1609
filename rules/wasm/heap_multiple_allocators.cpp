#include <fmt/format.h>

#include "rules/rule.h"

namespace wml::rule {
namespace {

void check(const ProgramFacts& program, const OptionValues&, Reporter& out) {
  const ModuleFacts& module = program.module;
  if (module.other_allocators.empty()) return;
  std::string others;
  for (const std::string& name : module.other_allocators)
    others += fmt::format("{}{}", others.empty() ? "" : ", ", name);
  Draft draft;
  draft.message =
      fmt::format("the module has more than one allocator: {} and {}; memory that one frees the other cannot use",
                  module.allocator.name, others);
  draft.help =
      "build all parts with the same allocator: #[global_allocator] in Rust, -sMALLOC in Emscripten, one malloc in the "
      "link";
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_multiple_allocators = {
    .info = {.id = "heap-multiple-allocators",
             .summary = "Finds modules with more than one allocator.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
