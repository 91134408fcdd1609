#include <algorithm>
#include <numeric>

#include "rules/model/pages.h"
#include "rules/source/layout_units.h"
#include "rules/source/record_layout.h"

namespace wml {
namespace {

/// Below which no order can be: the fields side by side.
std::uint64_t side_by_side_bytes(const RecordFact& record, std::span<const FieldFact> fields) {
  std::uint64_t bits = record.start_bytes * 8;
  for (const FieldFact& field : fields) bits += field.bit_width ? *field.bit_width : field.data_bytes * 8;
  return align_up((bits + 7) / 8, record.align_bytes);
}

}  // namespace

BestOrder best_order(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom) {
  const LayoutUnits units = units_of(record, fields, freedom);
  UnitOrder declared(units.list.size());
  std::iota(declared.begin(), declared.end(), 0U);
  const std::uint64_t now = bytes_of(units, declared);
  const std::uint64_t least = side_by_side_bytes(record, fields);
  if (now <= least) return {fields_in(units, declared), now, true};
  const SmallestOrder smallest = smallest_order(units);
  const std::uint64_t target = bytes_of(units, smallest.order);
  const bool exact = smallest.exact || target == least;
  if (target >= now) return {fields_in(units, declared), now, exact};
  const UnitOrder order = fewest_moves(units, target, smallest.order);
  return {fields_in(units, order), bytes_of(units, order), exact};
}

std::uint64_t least_bytes(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom) {
  const std::uint64_t now = lay_out(record, fields, declared_order(record)).bytes;
  if (now <= side_by_side_bytes(record, fields)) return now;
  const LayoutUnits units = units_of(record, fields, freedom);
  return std::min(now, bytes_of(units, smallest_order(units).order));
}

}  // namespace wml
