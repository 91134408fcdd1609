#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/model/source_facts.h"
#include "rules/source/record_layout.h"

/// An enumeration with a narrower underlying type, and the records that hold it.
namespace wml {

struct UnderlyingType {
  std::string_view spelling;
  std::uint64_t bytes = 0;
};

/// The narrowest type that holds the values of an enumeration; nothing where it has that size.
std::optional<UnderlyingType> narrower_type(const EnumFact& fact);

/// A record once an enumeration that it holds takes fewer bytes.
struct NarrowedRecord {
  RecordFact then;  ///< the record with its new size, alignment and fields, in `order`
  FieldOrder order;
  bool moves = false;         ///< it shrinks only in another order
  std::uint64_t without = 0;  ///< its bytes in the best order of its fields alone, or as it is where nothing may move
};

/// Nothing where the record does not hold it, where its layout then cannot be told, or where it does not get smaller
/// than another order of its fields alone makes it. In place where that suffices.
std::optional<NarrowedRecord> narrow_record(const RecordFact& record, const EnumFact& fact, std::uint64_t enum_bytes);

/// Whether fields of a record are the enumeration, or arrays of it.
bool holds(const RecordFact& record, const EnumFact& fact);

}  // namespace wml
