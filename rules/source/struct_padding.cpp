#include <fmt/format.h>

#include "rules/model/pages.h"
#include "rules/rule.h"
#include "rules/source/layout_table.h"
#include "rules/source/object_savings.h"
#include "rules/source/permission.h"
#include "rules/source/record_layout.h"
#include "rules/source/reorder_fields.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-saved-bytes", std::int64_t{4}, "Report only if an object gets at least this many bytes smaller."},
    {"min-saved-percent", std::int64_t{2},
     "Report only if an object gets smaller by at least this part of its size, or static data by 64 bytes."},
    {"report-blocked", false, "Report records too that must not be changed, with the reason."},
};

/// The best order within access specifiers, or, where only moving past them gains, that one.
BestOrder wanted_order(const RecordFact& record, std::uint64_t least_saved, std::vector<Hazard>& hazards) {
  BestOrder best = best_order(record, record.fields, Freedom::within_access);
  if (best.bytes + least_saved <= record.bytes) return best;
  hazards.push_back({HazardKind::crosses_access, record.where, ""});
  return best_order(record, record.fields, Freedom::anywhere);
}

/// Four of 30,000 bytes are true, and help nobody.
bool is_worth_it(const RecordFact& record, std::uint64_t saved, const Saving& saving, const OptionValues& options) {
  constexpr std::uint64_t kMuchStaticData = 64;
  if (saving.space == Space::linear_memory && saving.low_bytes >= kMuchStaticData) return true;
  return saturating_multiply(saved, 100) >= saturating_multiply(record.bytes, options.number("min-saved-percent"));
}

void check(const RecordFact& record, const SourceContext& context, const OptionValues& options, Reporter& out) {
  if (record.fields.size() < 2 || !is_understood(record)) return;
  std::vector<Hazard> hazards = record.hazards;
  const std::uint64_t least_saved = options.number("min-saved-bytes");
  const BestOrder best = wanted_order(record, least_saved, hazards);
  if (best.bytes + least_saved > record.bytes) return;
  add_reordering_hazards(record, best.order, hazards);
  const std::uint64_t saved = record.bytes - best.bytes;
  const Saving saving = saving_of(record, best.bytes, context.profile);
  if (!is_worth_it(record, saved, saving, options)) return;
  const Permission permission = judge_hazards(hazards, Change::reorder);
  if (permission.effect == Effect::blocks && !options.flag("report-blocked")) return;

  Draft draft;
  draft.message = fmt::format("'{}' takes {} bytes, {} of them padding that another order of its fields saves",
                              record.name, record.bytes, saved);
  draft.where.source = record.where;
  draft.details = layout_tables(record, record.fields, best.order);
  draft.saving = saving;
  draft.help = moves_text(record, best.order) + consequences(record, best.bytes, context.profile);
  if (permission.effect == Effect::none) {
    draft.fix = reorder_fields(record, best.order);
  } else {
    draft.notes = notes_of(permission);
    draft.help += permission.effect == Effect::review ? "; look at it first: " : "; but it must stay as it is: ";
    draft.help += reasons_text(permission);
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
