#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-bytes", std::int64_t{65536}, "Report only passive segments of at least this many bytes."},
};

void check(const SegmentFact& segment, const OptionValues& options, Reporter& out) {
  if (!segment.passive || segment.dropped || segment.bytes < options.number("min-bytes")) return;
  if (segment.name.starts_with(".tdata")) return;  // every thread copies it again
  Draft draft;
  draft.message =
      fmt::format("passive data segment {} ({}) is never dropped: the runtime keeps it beside the copy in memory",
                  segment.index, bytes_text(segment.bytes));
  draft.where.wasm = WasmLocation{.file_offset = segment.file_offset, .segment = segment.index};
  draft.help = fmt::format("execute data.drop {} after the last memory.init of it", segment.index);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule data_passive_never_dropped = {
    .info = {.id = "data-passive-never-dropped",
             .summary = "Finds large passive data segments that no data.drop releases.",
             .default_severity = Severity::info,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
