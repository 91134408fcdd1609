#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/model/source_facts.h"
#include "rules/source/record_layout.h"

/// Bools that become bit-fields so that a record gets smaller than another order of its fields alone makes it.
namespace wml {

/// What a bit-field costs more than a bool, in bytes of wasm32 code at -Os (docs/rules/bool-cluster.md).
inline constexpr std::uint64_t kReadBytes = 6;
inline constexpr std::uint64_t kConstantWriteBytes = 6;
inline constexpr std::uint64_t kVariableWriteBytes = 15;

/// Whether a hazard keeps the one field that it names from becoming a bit-field, and no other.
bool is_about_one_bool(HazardKind kind);

struct BitFieldPlan {
  std::vector<std::uint32_t> bools;  ///< those that change, by index
  std::vector<FieldFact> fields;     ///< the record's, with their new widths and texts
  FieldOrder order;
  std::uint64_t bytes = 0;          ///< of the record then
  std::uint64_t without_bytes = 0;  ///< that another order of its fields alone gives
};

/// As few bools as give the smallest record; costly ones last. `may_move`: in another order, too. Nothing where no bool
/// that becomes a bit-field makes the record smaller than `best_without` bytes.
std::optional<BitFieldPlan> plan_bit_fields(const RecordFact& record, bool may_move, std::uint64_t best_without);

/// Bytes of code that reads and writes of these bools grow by.
std::uint64_t code_cost_of(const RecordFact& record, const std::vector<std::uint32_t>& bools);

}  // namespace wml
