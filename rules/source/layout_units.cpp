#include "rules/source/layout_units.h"

#include <algorithm>

#include "rules/model/pages.h"

namespace wml {

LayoutUnits units_of(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom) {
  LayoutUnits units{record, fields, {}, ConstructionOrder(record)};
  std::uint32_t group = 0;
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    const FieldFact& field = fields[i];
    const bool new_run = i > 0 && freedom == Freedom::within_access && fields[i - 1].access_run != field.access_run;
    if (new_run || (i > 0 && (field.pinned || fields[i - 1].pinned))) ++group;
    // A bit-field of width 0 ends a run of bit-fields for C, but what is before and behind it belongs together.
    if (field.bit_width && i > 0 && fields[i - 1].bit_width && units.list.back().group == group) {
      ++units.list.back().fields;
    } else {
      units.list.push_back({i, 1, group});
    }
  }
  return units;
}

LayoutEnds start_of(const LayoutUnits& units) {
  const std::uint64_t bits = units.record.start_bytes * 8;
  return {bits, bits};
}

LayoutEnds behind(const LayoutUnits& units, std::uint32_t unit, LayoutEnds ends) {
  const LayoutUnit& u = units.list[unit];
  for (std::uint32_t i = u.first; i < u.first + u.fields; ++i) place_field(units.fields[i], ends);
  return ends;
}

void sort_descending(const LayoutUnits& units, UnitOrder& order) {
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::uint32_t unit) { return units.fields[units.list[unit].first].align_bytes; });
}

FieldOrder fields_in(const LayoutUnits& units, const UnitOrder& order) {
  FieldOrder fields;
  for (const std::uint32_t unit : order) {
    for (std::uint32_t i = 0; i < units.list[unit].fields; ++i) fields.push_back(units.list[unit].first + i);
  }
  return fields;
}

std::uint64_t bytes_of(const LayoutUnits& units, const UnitOrder& order) {
  LayoutEnds ends = start_of(units);
  for (const std::uint32_t unit : order) ends = behind(units, unit, ends);
  return align_up(ends.bits / 8, units.record.align_bytes);
}

}  // namespace wml
