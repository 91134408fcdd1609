#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-bytes", std::int64_t{4096}, "Report only runs of at least this many zero bytes (256 or more)."},
};

/// A run in the middle splits its segment: the second half costs flags, an address and a size, 14 bytes at most. Sizes
/// and addresses are numbers of variable length, which may get shorter or longer by as much.
constexpr std::uint64_t kHeaderBytes = 14;

void check(const SegmentFact& segment, const OptionValues& options, Reporter& out) {
  // Elsewhere the zeros may overwrite something; what reads a passive segment decides what of it is needed.
  if (!segment.lands_on_zeros) return;
  for (const ZeroRun& run : segment.zero_runs) {
    if (run.bytes < options.number("min-bytes")) continue;
    const std::uint64_t file_offset = segment.file_offset + run.offset;
    Draft draft;
    draft.message = fmt::format("data segment {} stores {} of zeros, which memory already is at start", segment.index,
                                bytes_text(run.bytes));
    draft.where.wasm = WasmLocation{.file_offset = file_offset, .segment = segment.index};
    if (segment.address) draft.where.wasm->address = *segment.address + run.offset;
    draft.saving = Saving{Space::file, run.bytes - kHeaderBytes, run.bytes + kHeaderBytes};
    draft.claims.push_back({Space::file, file_offset, file_offset + run.bytes});
    draft.help =
        "leave the object without an initialiser so that it goes to bss, or run wasm-opt --memory-packing: a smaller "
        "file, "
        "and pages that start untouched; the number of pages stays the same";
    out.report(std::move(draft));
  }
}

}  // namespace

extern constinit const Rule data_zero_run = {
    .info = {.id = "data-zero-run",
             .summary = "Finds long runs of zeros stored in active data segments.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
