#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/source/construction_order.h"
#include "rules/source/record_layout.h"

/// What best_order permutes: a field, or a run of bit-fields that lie beside each other.
namespace wml {

struct LayoutUnit {
  std::uint32_t first = 0;  ///< field
  std::uint32_t fields = 1;
  std::uint32_t group = 0;  ///< units change places within a group only; groups keep their order
};

/// Indices of units.
using UnitOrder = std::vector<std::uint32_t>;

/// The units of a record whose fields may have other widths than those that are in the source.
struct LayoutUnits {
  const RecordFact& record;
  std::span<const FieldFact> fields;
  std::vector<LayoutUnit> list;
  ConstructionOrder order_of_fields;

  /// Whether the construction or the destruction of two units can be told apart from the other order of them.
  bool keep_order(std::uint32_t first, std::uint32_t second) const {
    return order_of_fields.keeps(list[first].first, list[second].first);
  }
};

LayoutUnits units_of(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom);

/// Where the fields of a record begin.
LayoutEnds start_of(const LayoutUnits& units);

/// The ends behind `unit`, which is put where `ends` are. Neither gets smaller when it begins later.
LayoutEnds behind(const LayoutUnits& units, std::uint32_t unit, LayoutEnds ends);

/// By the alignment of the (first) field, largest first; otherwise as they were.
void sort_descending(const LayoutUnits& units, UnitOrder& order);

FieldOrder fields_in(const LayoutUnits& units, const UnitOrder& order);
std::uint64_t bytes_of(const LayoutUnits& units, const UnitOrder& order);

/// An order of units, and whether it is known that none is smaller.
struct SmallestOrder {
  UnitOrder order;
  bool exact = true;
};

/// An order that makes the record as small as it gets, however many units that moves.
SmallestOrder smallest_order(const LayoutUnits& units);

/// The same for units of one group whose sizes are all multiples of their alignments, put where `start` is.
SmallestOrder fill_gap(const LayoutUnits& units, const UnitOrder& members, LayoutEnds start);

/// An order of `target` bytes that moves the fewest units, as far as that is tried; else `fallback`, which has that
/// size.
UnitOrder fewest_moves(const LayoutUnits& units, std::uint64_t target, const UnitOrder& fallback);

}  // namespace wml
