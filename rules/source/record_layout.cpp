#include "rules/source/record_layout.h"

#include <algorithm>
#include <numeric>

#include "rules/model/pages.h"

namespace wml {
namespace {

constexpr std::uint64_t kByteBits = 8;

}  // namespace

std::uint64_t place_field(const FieldFact& field, LayoutEnds& ends) {
  const std::uint64_t align_bits = field.align_bytes * kByteBits;
  std::uint64_t at = ends.data_bits;
  if (field.bit_width) {
    const std::uint64_t type_bits = field.bytes * kByteBits;
    if (*field.bit_width == 0 || at % align_bits + *field.bit_width > type_bits) at = align_up(at, align_bits);
    ends.data_bits = at + *field.bit_width;
  } else {
    at = align_up(align_up(at, kByteBits), align_bits);
    ends.data_bits = at + field.data_bytes * kByteBits;
    ends.bits = std::max(ends.bits, at + field.bytes * kByteBits);
  }
  ends.bits = std::max(ends.bits, align_up(ends.data_bits, kByteBits));
  return at;
}

FieldOrder declared_order(const RecordFact& record) {
  FieldOrder order(record.fields.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

RecordLayout lay_out(const RecordFact& record, std::span<const FieldFact> fields,
                     std::span<const std::uint32_t> order) {
  RecordLayout layout;
  layout.offset_bits.resize(fields.size());
  LayoutEnds ends{record.start_bytes * kByteBits, record.start_bytes * kByteBits};
  for (const std::uint32_t field : order) layout.offset_bits[field] = place_field(fields[field], ends);
  layout.bytes = align_up(ends.bits / kByteBits, record.align_bytes);
  return layout;
}

bool is_understood(const RecordFact& record) {
  const RecordLayout layout = lay_out(record, record.fields, declared_order(record));
  if (layout.bytes != record.bytes) return false;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const FieldFact& field = record.fields[i];
    if (layout.offset_bits[i] != field.offset_bits) return false;
    // Of such a bit-field the ABI makes a member of another type with padding.
    if (field.bit_width && *field.bit_width > field.bytes * 8) return false;
  }
  return true;
}

}  // namespace wml
