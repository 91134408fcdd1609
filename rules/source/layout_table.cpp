#include "rules/source/layout_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace wml {
namespace {

/// "4", or "4:3" for bit 3 of byte 4.
std::string offset_text(std::uint64_t bits, bool is_bit_field) {
  return is_bit_field ? fmt::format("{}:{}", bits / 8, bits % 8) : fmt::format("{}", bits / 8);
}

std::string size_text(const FieldFact& field) {
  return field.bit_width ? fmt::format("{} bit{}", *field.bit_width, *field.bit_width == 1 ? "" : "s")
                         : fmt::format("{}", field.bytes);
}

std::string layout_table(const RecordFact& record, std::span<const FieldFact> fields,
                         std::span<const std::uint32_t> order, std::string_view title) {
  const RecordLayout layout = lay_out(record, fields, order);
  std::string text =
      fmt::format("{}: {} bytes\n  {:>6} {:>7} {:>5}  {}\n", title, layout.bytes, "offset", "size", "hole", "field");
  if (record.start_bytes > 0) {
    text += fmt::format("  {:>6} {:>7} {:>5}  {}\n", 0, record.start_bytes, "", "(bases, vtable pointer)");
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const FieldFact& field = fields[order[i]];
    const std::uint64_t begin = layout.offset_bits[order[i]];
    const std::uint64_t end = begin + (field.bit_width ? *field.bit_width : field.data_bytes * 8);
    const std::uint64_t next = i + 1 < order.size() ? layout.offset_bits[order[i + 1]] : layout.bytes * 8;
    const std::uint64_t hole = next > end ? (next - end) / 8 : 0;
    text += fmt::format("  {:>6} {:>7} {:>5}  {}\n", offset_text(begin, field.bit_width.has_value()), size_text(field),
                        hole > 0 ? fmt::format("{}", hole) : "",
                        field.name.empty() ? field.type : fmt::format("{} {}", field.type, field.name));
  }
  return text;
}

}  // namespace

std::string layout_tables(const RecordFact& record, std::span<const FieldFact> fields,
                          std::span<const std::uint32_t> order) {
  return layout_table(record, record.fields, declared_order(record), "now") +
         layout_table(record, fields, order, "then");
}

std::string layout_tables(const RecordFact& now, const RecordFact& then, std::span<const std::uint32_t> order) {
  return layout_table(now, now.fields, declared_order(now), "now") + layout_table(then, then.fields, order, "then");
}

}  // namespace wml
