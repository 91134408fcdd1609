#include <fmt/format.h>

#include "rules/rule.h"
#include "rules/source/layout_table.h"
#include "rules/source/object_savings.h"
#include "rules/source/permission.h"
#include "rules/source/record_layout.h"
#include "rules/source/reorder_fields.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-saved-bytes", std::int64_t{4},
     "Report only if an object gets at least this many bytes smaller, or static data by 64 bytes (and by as many)."},
    {"min-saved-percent", std::int64_t{2},
     "Report only if an object gets smaller by at least this part of its size, or static data by 64 bytes."},
    kMinSavedInAll,
    kMinSavedUnseen,
    kMinSavedByHand,
    {"report-blocked", false, "Report records too that must not be changed, with the reason."},
};

struct WorthIt {
  BestOrder best;
  ObjectSavings savings;
};

/// The best order within access specifiers, or, where only moving past them gains enough, that one.
std::optional<WorthIt> wanted_order(const RecordFact& record, const SourceContext& context, const LeastSaving& least,
                                    std::vector<Hazard>& hazards) {
  for (const Freedom freedom : {Freedom::within_access, Freedom::anywhere}) {
    BestOrder best = best_order(record, record.fields, freedom);
    if (best.bytes >= record.bytes) continue;
    const Resizing edit{&record, record.bytes, best.bytes, record.align_bytes};
    ObjectSavings savings = object_savings(edit, context);
    if (!is_worth_it(edit, savings, least)) continue;
    if (freedom == Freedom::anywhere) hazards.push_back({HazardKind::crosses_access, record.where, ""});
    return WorthIt{std::move(best), std::move(savings)};
  }
  return std::nullopt;
}

void check(const RecordFact& record, const SourceContext& context, const OptionValues& options, Reporter& out) {
  if (record.fields.size() < 2 || !is_understood(record)) return;
  std::vector<Hazard> hazards = record.hazards;
  const LeastSaving least = least_saving(options, options.number("min-saved-percent"));
  const std::optional<WorthIt> wanted = wanted_order(record, context, least, hazards);
  if (!wanted) return;
  const auto& [best, savings] = *wanted;
  add_reordering_hazards(record, best.order, hazards);
  if (has_no_objects(record)) hazards.push_back({HazardKind::no_objects, record.where, ""});
  const Permission permission = judge_hazards(hazards, Change::reorder);
  if (permission.effect == Effect::blocks && !options.flag("report-blocked")) return;
  const Resizing edit{&record, record.bytes, best.bytes, record.align_bytes};
  if (permission.effect != Effect::none && !is_worth_it_by_hand(edit, savings, options)) return;

  Draft draft;
  draft.message = fmt::format("'{}' takes {} bytes, {} of them padding that another order of its fields saves",
                              record.name, record.bytes, record.bytes - best.bytes);
  draft.where.source = record.where;
  draft.details = layout_tables(record, record.fields, best.order);
  draft.saving = savings.saving;
  draft.help = moves_text(record, best.order) + savings.text;
  if (permission.effect == Effect::none) {
    draft.fix = reorder_fields(record, best.order);
  } else {
    add_reasons(permission, draft);
  }
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule struct_padding = {
    .info = {.id = "struct-padding",
             .summary = "Finds records whose order of fields wastes bytes on padding.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions,
             .fix = FixKind::sometimes},
    .check = &check,
};

}  // namespace wml::rule
