#include <fmt/format.h>

#include "rules/rule.h"

namespace wml::rule {
namespace {

Note note_of(const LayoutVariant& variant) {
  const SourceLocation unit{variant.unit, 1, 1, 0};
  return {unit, fmt::format("{} bytes in this unit{}{}", variant.bytes, variant.difference.empty() ? "" : ": ",
                            variant.difference)};
}

void check(const RecordFact& record, const SourceContext&, const OptionValues&, Reporter& out) {
  if (record.variants.size() < 2) return;
  const LayoutVariant &one = record.variants[0], &other = record.variants[1];
  Draft draft;
  draft.message = one.bytes == other.bytes
                      ? fmt::format("'{}' takes {} bytes and is laid out in different ways in units of one program",
                                    record.name, one.bytes)
                      : fmt::format("'{}' takes {} bytes in one unit of the program and {} in another one", record.name,
                                    one.bytes, other.bytes);
  draft.where.source = record.where;
  draft.help =
      "make what its definition depends on (#if, macros, #pragma pack) the same in all units: an object that one makes "
      "and another one uses is read at wrong offsets; units of different programs are checked apart";
  for (const LayoutVariant& variant : record.variants) draft.notes.push_back(note_of(variant));
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule record_layouts_differ = {
    .info = {.id = "record-layouts-differ",
             .summary = "Finds records that one definition gives different layouts in different units.",
             .default_severity = Severity::warning,
             .since = "0.1.0"},
    .check = &check,
};

}  // namespace wml::rule
