#include <algorithm>

#include <fmt/format.h>

#include "rules/model/pages.h"
#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/layout_table.h"
#include "rules/source/narrow_enum.h"
#include "rules/source/object_savings.h"
#include "rules/source/permission.h"
#include "rules/source/reorder_fields.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-saved-bytes", std::int64_t{4},
     "Report only if a record, or an array of it, gets at least this many bytes smaller."},
    {"report-blocked", false, "Report enumerations too that must not be changed, with the reason."},
};

constexpr std::size_t kNamedRecords = 3;

/// A record that shrinks; or, with no order, the arrays of the enumeration, whose elements stand for records.
struct Shrinking {
  RecordFact now;
  NarrowedRecord narrowed;
};

std::vector<Shrinking> records_that_shrink(const EnumFact& fact, std::uint64_t enum_bytes, const SourceContext& context,
                                           std::uint64_t least_saved) {
  std::vector<Shrinking> found;
  for (const RecordFact& record : context.records) {
    std::optional<NarrowedRecord> narrowed = narrow_record(record, fact, enum_bytes);
    if (!narrowed || narrowed->then.bytes + least_saved > record.bytes) continue;
    // In the heap, the allocator may round up to what it was before.
    if (known_saving_of(record, narrowed->then.bytes, context.profile).each == 0) continue;
    found.push_back({record, std::move(*narrowed)});
  }
  return found;
}

/// The elements of those arrays, of static data or of the heap, that shrink by as much.
std::optional<Shrinking> arrays_that_shrink(const EnumFact& fact, std::uint64_t enum_bytes,
                                            const SourceContext& context, std::uint64_t least_saved) {
  RecordFact now, then;
  now.bytes = fact.bytes;
  then.bytes = enum_bytes;
  for (const InstanceFact& array : fact.instances) {
    if (array.storage == Storage::stack || !array.count) continue;
    const std::uint64_t old_bytes = saturating_multiply(*array.count, fact.bytes);
    const std::uint64_t new_bytes = saturating_multiply(*array.count, enum_bytes);
    const bool on_heap = array.storage == Storage::heap;
    const std::uint64_t saved =
        on_heap ? heap_block_bytes(old_bytes, context.profile) - heap_block_bytes(new_bytes, context.profile)
                : old_bytes - new_bytes;
    if (saved >= std::max<std::uint64_t>(least_saved, 1)) now.instances.push_back(array);
  }
  if (now.instances.empty()) return std::nullopt;
  return Shrinking{std::move(now), {std::move(then), {}, false}};
}

/// Objects of different records, and arrays, do not overlap: what static ones save adds up.
Saving saving_of_all(const std::vector<Shrinking>& all, TargetProfile profile) {
  std::uint64_t in_static_data = 0, of_object = 0;
  for (const Shrinking& one : all) {
    const Saving saving = saving_of(one.now, one.narrowed.then.bytes, profile);
    std::uint64_t& sum = saving.space == Space::linear_memory ? in_static_data : of_object;
    sum =
        saving.space == Space::linear_memory ? saturating_add(sum, saving.low_bytes) : std::max(sum, saving.low_bytes);
  }
  if (in_static_data > 0) return {Space::linear_memory, in_static_data, in_static_data};
  return {Space::object, of_object, of_object};
}

std::string what_shrinks(const std::vector<Shrinking>& all, TargetProfile profile) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kNamedRecords); ++i) {
    const auto& [now, narrowed] = all[i];
    if (!narrowed.order.empty())
      text += fmt::format("; '{}' takes {} bytes then, not {}", now.name, narrowed.then.bytes, now.bytes);
    if (narrowed.moves) text += fmt::format(" ({})", moves_text(now, narrowed.order));
    text += consequences(now, narrowed.then.bytes, profile);
  }
  if (all.size() > kNamedRecords) text += fmt::format("; and {} more shrink", all.size() - kNamedRecords);
  return text;
}

/// The hazards of an enumeration and of all records that hold it, since their layouts change too.
std::vector<Hazard> hazards_of(const EnumFact& fact, std::span<const RecordFact> records) {
  std::vector<Hazard> hazards = fact.hazards;
  if (!fact.all_uses_seen) hazards.push_back({HazardKind::unseen_uses, fact.where, ""});
  for (const RecordFact& record : records) {
    if (!holds(record, fact)) continue;
    for (Hazard hazard : record.hazards) {
      if (hazard.what.empty()) hazard.what = record.name;
      hazards.push_back(std::move(hazard));
    }
  }
  return hazards;
}

bool is_written_in_c(const EnumFact& fact) {
  return std::ranges::find(fact.hazards, HazardKind::no_underlying_type, &Hazard::kind) != fact.hazards.end();
}

Fix fix_of(const EnumFact& fact, const UnderlyingType& type, const std::vector<Shrinking>& all) {
  const SourceText& written = *fact.underlying;
  Fix fix{fmt::format("give '{}' the underlying type {}", fact.name, type.spelling), {}, {}};
  const bool is_new = written.text.empty();
  fix.edits.push_back(
      {fact.where.file, written.offset, written.text.size(), fmt::format("{}{}", is_new ? " : " : "", type.spelling)});
  for (const Shrinking& one : all) {
    const NarrowedRecord& narrowed = one.narrowed;
    if (!narrowed.order.empty() && !narrowed.moves)
      fix.promises.push_back(promise_of(narrowed.then, narrowed.then.fields, narrowed.order));
  }
  return fix;
}

void check(const EnumFact& fact, const SourceContext& context, const OptionValues& options, Reporter& out) {
  const std::optional<UnderlyingType> type = narrower_type(fact);
  if (!type) return;
  const std::uint64_t least_saved = options.number("min-saved-bytes");
  std::vector<Shrinking> all = records_that_shrink(fact, type->bytes, context, std::max<std::uint64_t>(least_saved, 1));
  const bool has_records = !all.empty();
  if (auto arrays = arrays_that_shrink(fact, type->bytes, context, least_saved)) all.push_back(std::move(*arrays));
  if (all.empty()) return;
  const Permission permission = judge_hazards(hazards_of(fact, context.records), Change::narrow);
  if (permission.effect == Effect::blocks && !options.flag("report-blocked")) return;

  Draft draft;
  draft.message = fmt::format("'{}' takes {} bytes, and its values need {}: {} smaller", fact.name, fact.bytes,
                              type->bytes, has_records ? "records that hold it would be" : "arrays of it would be");
  draft.where.source = fact.where;
  if (has_records)
    draft.details = layout_tables(all.front().now, all.front().narrowed.then, all.front().narrowed.order);
  draft.saving = saving_of_all(all, context.profile);
  draft.help = is_written_in_c(fact) ? std::string("declare it with __attribute__((packed))")
                                     : fmt::format("give it the underlying type {}", type->spelling);
  draft.help += what_shrinks(all, context.profile);
  const bool shrinks_in_place = std::ranges::any_of(all, [](const Shrinking& one) { return !one.narrowed.moves; });
  if (permission.effect == Effect::none && shrinks_in_place) {
    draft.fix = fix_of(fact, *type, all);
  } else if (permission.effect != Effect::none) {
    draft.notes = notes_of(permission);
    draft.help += permission.effect == Effect::review ? "; look at it first: " : "; but it must stay as it is: ";
    draft.help += reasons_text(permission);
  }
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule enum_wider_than_needed = {
    .info = {.id = "enum-wider-than-needed",
             .summary =
                 "Finds enumerations whose underlying type makes records or arrays larger than their values need.",
             .default_severity = Severity::info,
             .since = "0.1.0",
             .options = kOptions,
             .fix = FixKind::sometimes},
    .check = &check,
};

}  // namespace wml::rule
