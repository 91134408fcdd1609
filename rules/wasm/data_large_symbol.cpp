#include <array>

#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-bytes", std::int64_t{262144}, "Report only symbols of at least this many bytes."},
};

/// The symbol in a segment's name: ".rodata.table" is `table`; ".rodata" is many symbols merged, and no name at all.
std::string_view symbol_of(std::string_view segment_name) {
  constexpr std::array<std::string_view, 5> kSections{".rodata.", ".data.rel.ro.", ".data.", ".tdata.", ".bss."};
  for (const std::string_view section : kSections) {
    if (!segment_name.starts_with(section)) continue;
    const std::string_view symbol = segment_name.substr(section.size());
    return symbol.find_first_not_of("0123456789") == std::string_view::npos ? std::string_view{}
                                                                            : symbol;  // ".rodata.1"
  }
  return segment_name.starts_with('.') ? std::string_view{} : segment_name;
}

void check(const SegmentFact& segment, const OptionValues& options, Reporter& out) {
  const std::string_view symbol = symbol_of(segment.name);
  if (symbol.empty() || segment.bytes < options.number("min-bytes")) return;
  Draft draft;
  draft.message = fmt::format("\"{}\" alone takes {} of data ({} of its bytes are zero)", symbol,
                              bytes_text(segment.bytes), segment.zero_bytes);
  draft.where.wasm =
      WasmLocation{.file_offset = segment.file_offset, .segment = segment.index, .address = segment.address};
  draft.help = "compute it at run time, store it compressed, or load the part that is used";
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule data_large_symbol = {
    .info = {.id = "data-large-symbol",
             .summary = "Finds single data symbols that take several pages.",
             .default_severity = Severity::info,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
