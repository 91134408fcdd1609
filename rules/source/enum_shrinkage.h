#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/source/narrow_enum.h"
#include "rules/source/object_savings.h"

/// What a narrower enumeration makes smaller, and what that saves.
namespace wml {

/// A record that shrinks.
struct ShrinkingRecord {
  const RecordFact* now = nullptr;
  NarrowedRecord narrowed;

  Resizing edit() const { return {now, narrowed.without, narrowed.then.bytes, narrowed.then.align_bytes}; }
};

struct EnumShrinkage {
  std::vector<ShrinkingRecord> records;  ///< those first that shrink as they are ordered
  RecordFact
      array_element;  ///< for arrays of it, in static data or in the heap: a record of its size; none: no instances
  std::uint64_t enum_bytes = 0;

  bool has_arrays() const { return !array_element.instances.empty(); }
  bool empty() const { return records.empty() && !has_arrays(); }
  /// A narrower type is not enough: fields have to move in all records.
  bool only_moves() const;
};

/// Records and arrays that get worth mentioning smaller; those of which there are known to be few do not.
EnumShrinkage enum_shrinkage(const EnumFact& fact, std::uint64_t enum_bytes, const SourceContext& context,
                             const LeastSaving& least);

struct EnumSaving {
  Saving saving;
  std::string text;  ///< ObjectSavings::text
};

/// Objects of different records, and arrays, do not overlap: what static ones save adds up.
EnumSaving saved_by(const EnumShrinkage& all, bool in_place_only, const SourceContext& context);

}  // namespace wml
