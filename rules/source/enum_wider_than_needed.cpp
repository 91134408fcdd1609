#include <algorithm>

#include <fmt/format.h>

#include "rules/rule.h"
#include "rules/source/enum_shrinkage.h"
#include "rules/source/layout_table.h"
#include "rules/source/permission.h"
#include "rules/source/reorder_fields.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-saved-bytes", std::int64_t{4},
     "Report only if a record, or an array of it, gets at least this many bytes smaller, or static data by 64 bytes."},
    {"min-saved-percent", std::int64_t{2},
     "Report only if a record gets smaller by at least this part of its size, or static data by 64 bytes."},
    kMinSavedInAll,
    kMinSavedUnseen,
    kMinSavedByHand,
    {"report-blocked", false, "Report enumerations too that must not be changed, with the reason."},
};

constexpr std::size_t kNamedRecords = 3;

/// Whether something is left that is worth an edit by hand.
bool is_worth_it_by_hand(const EnumShrinkage& all, const SourceContext& context, const OptionValues& options) {
  return all.has_arrays() || std::ranges::any_of(all.records, [&](const ShrinkingRecord& one) {
           return wml::is_worth_it_by_hand(one.edit(), object_savings(one.edit(), context), options);
         });
}

/// "80 bytes, not 88", "104 bytes, not the 112 that another order alone gives"
std::string sizes_text(const ShrinkingRecord& one) {
  const NarrowedRecord& narrowed = one.narrowed;
  if (narrowed.without == one.now->bytes) return fmt::format("{} bytes, not {}", narrowed.then.bytes, narrowed.without);
  return fmt::format("{} bytes, not the {} that another order alone gives", narrowed.then.bytes, narrowed.without);
}

std::string message_of(const EnumFact& fact, const EnumShrinkage& all) {
  if (!all.records.empty()) {
    const ShrinkingRecord& one = all.records.front();
    return fmt::format("'{}' would take {}, if '{}' took {} and not {}", one.now->name, sizes_text(one), fact.name,
                       all.enum_bytes, fact.bytes);
  }
  return fmt::format("'{}' takes {} bytes, and needs {}: arrays of it would be smaller", fact.name, fact.bytes,
                     all.enum_bytes);
}

/// What the records that shrink look like then.
std::string records_text(const EnumShrinkage& all) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.records.size(), kNamedRecords); ++i) {
    const ShrinkingRecord& one = all.records[i];
    if (i > 0) text += fmt::format("; '{}' takes {}", one.now->name, sizes_text(one));
    if (one.narrowed.moves)
      text += fmt::format("{} once its fields are in another order ({})", i > 0 ? "" : "; it shrinks",
                          moves_text(*one.now, one.narrowed.order));
  }
  if (all.records.size() > kNamedRecords)
    text += fmt::format("; and {} more shrink", all.records.size() - kNamedRecords);
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

bool has(const EnumFact& fact, HazardKind kind) {
  return std::ranges::find(fact.hazards, kind, &Hazard::kind) != fact.hazards.end();
}

/// Whether it is for a library's users, who may write C: its size is not the library's alone to change.
bool is_in_c_interface(const EnumFact& fact) {
  return has(fact, HazardKind::public_header) && has(fact, HazardKind::exported_interface);
}

/// "its values need 1 byte: give it the underlying type unsigned char"
std::string advice(const EnumFact& fact, const UnderlyingType& type) {
  // Where integers of any value are converted to it, its values may be others.
  const std::string needs =
      fmt::format("its {} need {} byte{}", has(fact, HazardKind::integer_cast) ? "enumerators" : "values", type.bytes,
                  type.bytes == 1 ? "" : "s");
  return has(fact, HazardKind::no_underlying_type)
             ? needs + ": declare it with __attribute__((packed))"
             : fmt::format("{}: give it the underlying type {}", needs, type.spelling);
}

Fix fix_of(const EnumFact& fact, const UnderlyingType& type, const std::vector<ShrinkingRecord>& records) {
  const SourceText& written = *fact.underlying;
  Fix fix{fmt::format("give '{}' the underlying type {}", fact.name, type.spelling), {}, {}};
  const bool is_new = written.text.empty();
  fix.edits.push_back(
      {fact.where.file, written.offset, written.text.size(), fmt::format("{}{}", is_new ? " : " : "", type.spelling)});
  for (const ShrinkingRecord& one : records) {
    const NarrowedRecord& narrowed = one.narrowed;
    if (!narrowed.moves) fix.promises.push_back(promise_of(narrowed.then, narrowed.then.fields, narrowed.order));
  }
  return fix;
}

void check(const EnumFact& fact, const SourceContext& context, const OptionValues& options, Reporter& out) {
  const std::optional<UnderlyingType> type = narrower_type(fact);
  if (!type) return;
  const LeastSaving least = least_saving(options, options.number("min-saved-percent"));
  const EnumShrinkage all = enum_shrinkage(fact, type->bytes, context, least);
  if (all.empty()) return;
  std::vector<Hazard> hazards = hazards_of(fact, context.records);
  const bool has_objects = all.has_arrays() || std::ranges::any_of(all.records, [](const ShrinkingRecord& one) {
                             return !has_no_objects(*one.now);
                           });
  if (!has_objects) hazards.push_back({HazardKind::no_objects, fact.where, all.records.front().now->name});
  Permission permission = judge_hazards(hazards, Change::narrow);
  if (is_in_c_interface(fact)) permission.effect = Effect::blocks;
  if (permission.effect == Effect::blocks && !options.flag("report-blocked")) return;
  const bool edited = permission.effect == Effect::none && !all.only_moves();
  if (!edited && !is_worth_it_by_hand(all, context, options)) return;
  EnumSaving saved = saved_by(all, edited, context);

  Draft draft;
  draft.message = message_of(fact, all);
  draft.where.source = fact.where;
  if (!all.records.empty()) {
    const ShrinkingRecord& first = all.records.front();
    draft.details = layout_tables(*first.now, first.narrowed.then, first.narrowed.order);
  }
  draft.saving = saved.saving;
  draft.help = advice(fact, *type) + records_text(all) + saved.text;
  if (edited) {
    draft.fix = fix_of(fact, *type, all.records);
  } else if (permission.effect == Effect::none) {
    draft.help += "; not edited: fields have to move as well";
  } else {
    add_reasons(permission, draft);
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
