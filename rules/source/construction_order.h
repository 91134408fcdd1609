#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/model/source_facts.h"

/// Fields of which it could be told whether one is made, or destroyed, before the other.
namespace wml {

/// Of records with more fields, and initialisations of more, no pair is looked at.
inline constexpr std::size_t kMostFields = 4096;

/// Pairs of fields that have to keep their order. The fields are indices into RecordFact::fields.
class ConstructionOrder {
public:
  explicit ConstructionOrder(const RecordFact& record);

  bool is_free() const { return kept_.empty(); }
  /// Whether a field has to stay before a later one.
  bool keeps(std::uint32_t first, std::uint32_t second) const;

private:
  void keep(std::uint32_t a, std::uint32_t b);

  std::size_t fields_;
  std::vector<bool> kept_;  // [first * fields_ + second]; empty where all may change places
};

/// Whether one of two initialisations sees, or changes, what the other one changes.
bool depend_on_order(const FieldEvaluation& a, const FieldEvaluation& b);

}  // namespace wml
