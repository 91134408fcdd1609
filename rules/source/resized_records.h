#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/rule.h"
#include "rules/source/record_layout.h"

/// Records that get smaller because others get smaller that they hold.
namespace wml {

/// What an edit makes of a record: of its size, or of the one that another order of its fields alone gives.
struct Resizing {
  const RecordFact* record = nullptr;
  std::uint64_t from_bytes = 0;
  std::uint64_t to_bytes = 0;
  std::uint64_t to_align_bytes = 1;
};

/// A record that an edit resizes, or one that holds such records. Holders have an order of their own, and may have a
/// better one when its fix is made as well: what is saved lies between.
struct ResizedRecord {
  Resizing as_ordered;
  Resizing reordered;

  const RecordFact& record() const { return *as_ordered.record; }
  std::uint64_t low_bytes() const;   ///< that one object certainly gets smaller by
  std::uint64_t high_bytes() const;  ///< at most
};

/// The records of `edits`, and those that hold them, as members, members of members or arrays. Left out are records
/// whose layout cannot be told: bases, unions, members whose tail is reused.
std::vector<ResizedRecord> resized_records(std::span<const Resizing> edits, const SourceContext& context);

/// The alignment of a record with other fields. What it is that aligns it to more than its fields are aligned to stays;
/// nothing where that may be its bases or attributes.
std::optional<std::uint64_t> alignment_with(const RecordFact& record, std::span<const FieldFact> fields);

}  // namespace wml
