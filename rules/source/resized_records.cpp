#include "rules/source/resized_records.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "rules/source/permission.h"

namespace wml {
namespace {

/// Records in records in records, as deep as that is followed.
constexpr int kMostLevels = 8;
/// Of more records than these the objects are left out: what is said to be saved is saved.
constexpr std::size_t kMostHolders = 64;

std::uint64_t saved(const Resizing& resizing) {
  return resizing.from_bytes - std::min(resizing.from_bytes, resizing.to_bytes);
}

using ResizedById = std::map<std::string_view, ResizedRecord>;
using Which = Resizing ResizedRecord::*;

/// The fields with members that have their `size` and alignment then; nothing where a member is no whole number of
/// them.
std::optional<std::vector<FieldFact>> fields_with(const RecordFact& holder, const ResizedById& resized, Which which,
                                                  std::uint64_t Resizing::* size, bool then) {
  std::vector<FieldFact> fields = holder.fields;
  for (FieldFact& field : fields) {
    const auto found = field.record_id.empty() ? resized.end() : resized.find(field.record_id);
    if (found == resized.end()) continue;
    if (field.pinned) return std::nullopt;  // the array at the end has any number of elements
    const RecordFact& member = found->second.record();
    const bool whole = !field.bit_width && field.data_bytes == field.bytes && member.bytes > 0 &&
                       field.bytes % member.bytes == 0 && field.align_bytes == member.align_bytes;
    if (!whole) return std::nullopt;
    const Resizing& resizing = found->second.*which;
    field.bytes = field.bytes / member.bytes * (resizing.*size);
    field.data_bytes = field.bytes;
    if (then) field.align_bytes = resizing.to_align_bytes;
  }
  return fields;
}

std::optional<Resizing> resize_holder(const RecordFact& holder, const ResizedById& resized, Which which,
                                      const FieldOrder& order) {
  const auto now = fields_with(holder, resized, which, &Resizing::from_bytes, false);
  const auto then = fields_with(holder, resized, which, &Resizing::to_bytes, true);
  if (!now || !then) return std::nullopt;
  const std::optional<std::uint64_t> align = alignment_with(holder, *then);
  if (!align) return std::nullopt;
  RecordFact aligned;  // all of a record that a layout depends on
  aligned.start_bytes = holder.start_bytes;
  aligned.align_bytes = *align;
  return Resizing{&holder, lay_out(holder, *now, order).bytes, lay_out(aligned, *then, order).bytes, *align};
}

std::optional<ResizedRecord> resize_holder(const RecordFact& holder, const ResizedById& resized) {
  if (!is_understood(holder)) return std::nullopt;
  const auto as_ordered = resize_holder(holder, resized, &ResizedRecord::as_ordered, declared_order(holder));
  if (!as_ordered) return std::nullopt;
  ResizedRecord both{*as_ordered, *as_ordered};
  if (judge_hazards(holder.hazards, Change::reorder).effect == Effect::blocks) return both;
  const BestOrder best = best_order(holder, holder.fields, Freedom::within_access);
  if (best.bytes < holder.bytes)
    both.reordered = *resize_holder(holder, resized, &ResizedRecord::reordered, best.order);
  return both;
}

bool holds_any(const RecordFact& record, const ResizedById& resized) {
  return std::ranges::any_of(record.fields, [&](const FieldFact& field) {
    return !field.record_id.empty() && resized.contains(field.record_id);
  });
}

}  // namespace

std::uint64_t ResizedRecord::low_bytes() const { return std::min(saved(as_ordered), saved(reordered)); }
std::uint64_t ResizedRecord::high_bytes() const { return std::max(saved(as_ordered), saved(reordered)); }

std::vector<ResizedRecord> resized_records(std::span<const Resizing> edits, const SourceContext& context) {
  std::vector<ResizedRecord> list;
  ResizedById resized;
  bool are_members = false;
  for (const Resizing& edit : edits) {
    list.push_back({edit, edit});
    resized.emplace(edit.record->id, list.back());
    are_members = are_members || std::ranges::find(edit.record->instances, Storage::member, &InstanceFact::storage) !=
                                     edit.record->instances.end();
  }
  // A holder is looked at again when one of its members turns out to hold others: as often as records lie in records.
  std::map<std::string_view, ResizedRecord> holders;
  bool changed = are_members;
  for (int level = 0; changed && level < kMostLevels; ++level) {
    changed = false;
    for (const RecordFact& record : context.records) {
      const bool is_edited = resized.contains(record.id) && !holders.contains(record.id);
      if (is_edited || !holds_any(record, resized)) continue;
      if (holders.size() >= kMostHolders && !holders.contains(record.id)) break;
      const std::optional<ResizedRecord> holder = resize_holder(record, resized);
      const auto known = holders.find(record.id);
      if (!holder || (known != holders.end() && known->second.low_bytes() == holder->low_bytes() &&
                      known->second.high_bytes() == holder->high_bytes()))
        continue;
      holders.insert_or_assign(record.id, *holder);
      resized.insert_or_assign(record.id, *holder);
      changed = true;
    }
  }
  for (const auto& [id, holder] : holders) list.push_back(holder);
  return list;
}

std::optional<std::uint64_t> alignment_with(const RecordFact& record, std::span<const FieldFact> fields) {
  const auto largest = [](std::span<const FieldFact> of) {
    std::uint64_t align = 1;
    for (const FieldFact& field : of) align = std::max(align, field.align_bytes);
    return align;
  };
  const std::uint64_t then = largest(fields);
  if (record.align_bytes > largest(record.fields) || then == record.align_bytes) return record.align_bytes;
  const bool chosen = std::ranges::any_of(record.hazards, [](const Hazard& hazard) {
    return hazard.kind == HazardKind::over_aligned || hazard.kind == HazardKind::packed ||
           hazard.kind == HazardKind::empty_member;
  });
  return record.start_bytes > 0 || chosen ? std::nullopt : std::optional(then);
}

}  // namespace wml
