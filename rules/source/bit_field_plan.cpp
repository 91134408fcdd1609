#include "rules/source/bit_field_plan.h"

#include <algorithm>

namespace wml {
namespace {

std::vector<std::uint32_t> candidates_of(const RecordFact& record) {
  std::vector<std::uint32_t> bools;
  for (std::uint32_t i = 0; i < record.fields.size(); ++i) {
    const FieldFact& field = record.fields[i];
    if (!field.is_bool || field.bit_width || field.name.empty() || field.name_end == 0) continue;
    const bool kept = std::ranges::any_of(record.hazards, [&](const Hazard& hazard) {
      return is_about_one_bool(hazard.kind) && (hazard.what.empty() || hazard.what == field.name);
    });
    if (!kept) bools.push_back(i);
  }
  return bools;
}

std::uint64_t cost_of(const FieldUses& uses) {
  return uses.reads * kReadBytes + uses.constant_writes * kConstantWriteBytes +
         uses.variable_writes * kVariableWriteBytes;
}

std::uint64_t cost_of(const FieldFact& field) { return cost_of(field.uses) + cost_of(field.header_uses); }

class Planner {
public:
  Planner(const RecordFact& record, bool may_move) : record_(record), may_move_(may_move), fields_(record.fields) {}

  /// Of the record with these bools as bit-fields.
  std::uint64_t bytes_with(const std::vector<std::uint32_t>& bools) {
    for (const std::uint32_t i : bools) fields_[i].bit_width = 1;
    const std::uint64_t bytes = bytes_now();
    for (const std::uint32_t i : bools) fields_[i].bit_width.reset();
    return bytes;
  }

  /// Leaves the bools out, one after the other, without which the record is as small.
  std::vector<std::uint32_t> fewest(std::vector<std::uint32_t> bools) {
    std::vector<std::uint32_t> by_cost = bools;
    std::ranges::reverse(by_cost);
    std::ranges::stable_sort(by_cost, std::ranges::greater{},
                             [&](std::uint32_t i) { return cost_of(record_.fields[i]); });
    for (const std::uint32_t i : bools) fields_[i].bit_width = 1;
    std::uint64_t least = bytes_now();
    for (const std::uint32_t dearest : by_cost) {
      fields_[dearest].bit_width.reset();
      const std::uint64_t bytes = bytes_now();
      if (bytes <= least) {
        least = bytes;
        std::erase(bools, dearest);
      } else {
        fields_[dearest].bit_width = 1;
      }
    }
    for (const std::uint32_t i : bools) fields_[i].bit_width.reset();
    return bools;
  }

  BitFieldPlan plan(std::vector<std::uint32_t> bools, std::uint64_t without_bytes) const {
    BitFieldPlan plan{std::move(bools), record_.fields, declared_order(record_), 0, without_bytes};
    for (const std::uint32_t i : plan.bools) {
      FieldFact& field = plan.fields[i];
      field.bit_width = 1;
      const std::uint64_t inside = field.name_end - field.extent.offset;
      if (field.name_end >= field.extent.offset && inside <= field.extent.text.size())
        field.extent.text.insert(static_cast<std::size_t>(inside), " : 1");
    }
    plan.bytes = lay_out(record_, plan.fields, plan.order).bytes;
    if (!may_move_) return plan;
    BestOrder best = best_order(record_, plan.fields, Freedom::within_access);
    if (best.bytes >= plan.bytes) return plan;
    plan.order = std::move(best.order);
    plan.bytes = best.bytes;
    return plan;
  }

private:
  std::uint64_t bytes_now() const {
    return may_move_ ? least_bytes(record_, fields_, Freedom::within_access)
                     : lay_out(record_, fields_, declared_order(record_)).bytes;
  }

  const RecordFact& record_;
  bool may_move_;
  std::vector<FieldFact> fields_;
};

}  // namespace

bool is_about_one_bool(HazardKind kind) {
  return kind == HazardKind::address_taken || kind == HazardKind::reference_bound ||
         kind == HazardKind::default_initialiser || kind == HazardKind::member_pointer;
}

std::optional<BitFieldPlan> plan_bit_fields(const RecordFact& record, bool may_move, std::uint64_t best_without) {
  const std::vector<std::uint32_t> bools = candidates_of(record);
  if (bools.size() < 2) return std::nullopt;  // one bit needs a byte, too
  Planner in_place(record, false), moving(record, true);
  const std::uint64_t as_ordered = in_place.bytes_with(bools);
  const std::uint64_t moved = may_move ? moving.bytes_with(bools) : as_ordered;
  if (std::min(as_ordered, moved) >= best_without) return std::nullopt;
  Planner& planner = moved < as_ordered ? moving : in_place;
  return planner.plan(planner.fewest(bools), best_without);
}

std::uint64_t code_cost_of(const RecordFact& record, const std::vector<std::uint32_t>& bools) {
  std::uint64_t bytes = 0;
  for (const std::uint32_t i : bools) bytes += cost_of(record.fields[i]);
  return bytes;
}

}  // namespace wml
