#include <algorithm>

#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/wasm/advice.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-bytes", std::int64_t{1024}, "Report only if debug sections take at least this many bytes of the file."},
};

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  Draft draft;
  std::uint64_t bytes = 0;
  for (const FileRange& range : module.ranges) {
    if (range.label != "debug") continue;
    bytes += range.bytes;
    draft.claims.push_back({Space::file, range.offset, range.offset + range.bytes});
  }
  if (bytes == 0 || bytes < options.number("min-bytes")) return;
  draft.message =
      fmt::format("debug sections take {} of the file; runtimes hold them in memory with it", bytes_text(bytes));
  draft.where.wasm = WasmLocation{.file_offset = draft.claims.front().low};
  draft.saving = Saving{Space::file, bytes, bytes};
  draft.help = advice::strip_debug(module.toolchain.id);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule debug_sections_shipped = {
    .info = {.id = "debug-sections-shipped",
             .summary = "Finds debug sections in a module that is shipped.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
