#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/model/source_facts.h"

/// The layout of a record by the Itanium C++ ABI as Clang follows it for wasm (docs/record-layout.md), for any order of
/// its fields.
namespace wml {

/// An order of a record's fields: indices into RecordFact::fields.
using FieldOrder = std::vector<std::uint32_t>;

struct RecordLayout {
  std::uint64_t bytes = 0;
  std::vector<std::uint64_t> offset_bits;  ///< by field, not by place in the order
};

/// Where the next field may begin, and where the last one ends: they differ behind a member whose tail may be reused.
struct LayoutEnds {
  std::uint64_t data_bits = 0;
  std::uint64_t bits = 0;
};

/// Puts a field behind the others and returns its offset in bits (Clang's ItaniumRecordLayoutBuilder, LayoutField and
/// LayoutBitField).
std::uint64_t place_field(const FieldFact& field, LayoutEnds& ends);

/// The order that is in the source.
FieldOrder declared_order(const RecordFact& record);

/// `fields` stand for the record's own, so that widths can differ; `order` is an order of them.
RecordLayout lay_out(const RecordFact& record, std::span<const FieldFact> fields, std::span<const std::uint32_t> order);

/// Whether the layout that is computed here for the declared order is the one that Clang gave.
bool is_understood(const RecordFact& record);

/// An order with the smallest record, as far as it was searched.
struct BestOrder {
  FieldOrder order;
  std::uint64_t bytes = 0;
  bool exact = true;  ///< no order is smaller
};

/// Which fields may change places.
enum class Freedom {
  within_access,  ///< those with no access specifier between them
  anywhere,
};

/// The best order that differs least from the declared one: the fewest fields move, and neighbours stay together.
/// Runs of bit-fields move as one, pinned fields stay.
BestOrder best_order(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom);

/// The size in that order, without a search for the order.
std::uint64_t least_bytes(const RecordFact& record, std::span<const FieldFact> fields, Freedom freedom);

}  // namespace wml
