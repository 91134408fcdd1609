#include <fmt/format.h>

#include "rules/rule.h"

namespace wml::rule {
namespace {

void check(const SegmentFact& segment, const OptionValues&, Reporter& out) {
  if (!segment.out_of_bounds) return;
  Draft draft;
  draft.message =
      fmt::format("data segment {} ends at {}, beyond the declared minimum of memory {}: instantiation traps",
                  segment.index, segment.end(), segment.memory);
  draft.where.wasm =
      WasmLocation{.file_offset = segment.file_offset, .segment = segment.index, .address = segment.address};
  draft.help = fmt::format("declare at least {} pages, or move the segment", pages_for(segment.end()));
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule data_out_of_bounds = {
    .info = {.id = "data-out-of-bounds",
             .summary = "Finds active data segments that end beyond the declared minimum.",
             .default_severity = Severity::error,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
