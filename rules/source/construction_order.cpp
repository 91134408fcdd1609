#include "rules/source/construction_order.h"

#include <algorithm>

namespace wml {

bool depend_on_order(const FieldEvaluation& a, const FieldEvaluation& b) {
  const auto touches = [](const std::vector<std::uint32_t>& taken, const std::vector<std::uint32_t>& used) {
    return std::ranges::any_of(taken, [&](std::uint32_t one) { return std::ranges::find(used, one) != used.end(); });
  };
  return (a.effects && (b.effects || b.reads)) || (b.effects && a.reads) || touches(a.takes, b.uses) ||
         touches(b.takes, a.uses);
}

ConstructionOrder::ConstructionOrder(const RecordFact& record) : fields_(record.fields.size()) {
  if (fields_ > kMostFields) return;
  std::vector<std::uint32_t> ordered;
  for (std::uint32_t i = 0; i < fields_; ++i) {
    if (record.fields[i].ordered) ordered.push_back(i);
  }
  for (const std::uint32_t a : ordered) {
    for (const std::uint32_t b : ordered) keep(a, b);
  }
  for (const ConstructionFact& construction : record.constructions) {
    if (construction.fields.size() > kMostFields) continue;
    for (const FieldEvaluation& a : construction.fields) {
      for (const FieldEvaluation& b : construction.fields) {
        if (a.field < b.field && depend_on_order(a, b)) keep(a.field, b.field);
      }
    }
  }
}

void ConstructionOrder::keep(std::uint32_t a, std::uint32_t b) {
  if (a >= b) return;
  kept_.resize(fields_ * fields_);
  kept_[a * fields_ + b] = true;
}

bool ConstructionOrder::keeps(std::uint32_t first, std::uint32_t second) const {
  return first < second && !kept_.empty() && kept_[first * fields_ + second];
}

}  // namespace wml
