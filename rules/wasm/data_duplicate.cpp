#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-bytes", std::int64_t{4096}, "Report only contents of at least this many bytes (256 or more)."},
};

std::string place(const ModuleFacts& module, std::uint32_t segment, std::uint64_t offset) {
  const SegmentFact& fact = module.segments[segment];
  if (fact.address && !fact.passive) return fmt::format("address {}", *fact.address + offset);
  return fmt::format("offset {} of segment {}", offset, segment);
}

void check(const ProgramFacts& program, const OptionValues& options, Reporter& out) {
  const ModuleFacts& module = program.module;
  for (const DuplicateData& duplicate : module.duplicates) {
    if (duplicate.bytes < options.number("min-bytes")) continue;
    const SegmentFact& second = module.segments[duplicate.second_segment];
    const std::uint64_t file_offset = second.file_offset + duplicate.second_offset;
    Draft draft;
    draft.message = fmt::format("{} of data are stored twice: at {} and at {}", bytes_text(duplicate.bytes),
                                place(module, duplicate.first_segment, duplicate.first_offset),
                                place(module, duplicate.second_segment, duplicate.second_offset));
    draft.where.wasm = WasmLocation{.file_offset = file_offset, .segment = duplicate.second_segment};
    if (second.address && !second.passive) draft.where.wasm->address = *second.address + duplicate.second_offset;
    // One of them may be written to at run time: then it is needed.
    draft.saving = Saving{Space::linear_memory, 0, duplicate.bytes};
    draft.claims.push_back({Space::file, file_offset, file_offset + duplicate.bytes});
    draft.help =
        "define the table once and declare it elsewhere: inline constexpr in C++, extern const in C, one static in "
        "Rust";
    out.report(std::move(draft));
  }
}

}  // namespace

extern constinit const Rule data_duplicate = {
    .info = {.id = "data-duplicate",
             .summary = "Finds equal contents that are stored twice.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions},
    .check = &check,
};

}  // namespace wml::rule
