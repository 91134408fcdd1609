#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/bit_field_plan.h"
#include "rules/source/layout_table.h"
#include "rules/source/object_savings.h"
#include "rules/source/permission.h"
#include "rules/source/reorder_fields.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"min-saved-bytes", std::int64_t{4},
     "Report only if an object gets at least this many bytes smaller, or static data by 64 bytes (and by as many)."},
    {"count-code", true, "Weigh the code that reads and writes bit-fields against what the objects save."},
    {"most-paying-objects", std::int64_t{10},
     "Where the number of objects is not known: report only if at most so many of them make up for the code."},
    kMinSavedInAll,
    kMinSavedUnseen,
    kMinSavedByHand,
    {"report-blocked", false, "Report records too that must not be changed, with the reason."},
};

/// Hazards of the record itself: a bool with one of its own just stays a bool.
std::vector<Hazard> hazards_of_record(const RecordFact& record) {
  std::vector<Hazard> hazards;
  std::ranges::copy_if(record.hazards, std::back_inserter(hazards),
                       [](const Hazard& hazard) { return !is_about_one_bool(hazard.kind); });
  return hazards;
}

/// "3 reads and 2 writes"
std::string uses_text(const RecordFact& record, const std::vector<std::uint32_t>& bools) {
  std::uint64_t reads = 0, writes = 0;
  for (const std::uint32_t i : bools) {
    const FieldFact& field = record.fields[i];
    for (const FieldUses& uses : {field.uses, field.header_uses}) {
      reads += uses.reads;
      writes += std::uint64_t{uses.constant_writes} + uses.variable_writes;
    }
  }
  return fmt::format("{} read{} and {} write{}", reads, reads == 1 ? "" : "s", writes, writes == 1 ? "" : "s");
}

/// What the objects save against what the code costs; nothing where the program is known to lose, or would have to
/// hold more than `most` objects at one time.
std::optional<std::string> balance(const RecordFact& record, const BitFieldPlan& plan, const ObjectSavings& savings,
                                   std::uint64_t most) {
  const std::uint64_t cost = code_cost_of(record, plan.bools);
  if (savings.complete && savings.variables <= cost) return std::nullopt;
  const std::uint64_t paying = cost / savings.each + 1;
  if (savings.variables <= cost && paying > most) return std::nullopt;
  if (cost == 0) return std::string();
  std::string text =
      fmt::format("; {} in this code make it about {} larger", uses_text(record, plan.bools), bytes_text(cost));
  if (savings.variables <= cost)
    text += fmt::format(": it pays with {} objects or more that exist at one time", paying);
  return text;
}

/// "give a, b a width of 1 ('bool a : 1')"
std::string declarations(const BitFieldPlan& plan) {
  std::vector<std::string_view> names;
  names.reserve(plan.bools.size());
  for (const std::uint32_t i : plan.bools) names.emplace_back(plan.fields[i].name);
  const FieldFact& first = plan.fields[plan.bools.front()];
  return fmt::format("give {} a width of 1 ('{} {} : 1')", fmt::join(names, ", "), first.type, first.name);
}

Fix fix_of(const RecordFact& record, const BitFieldPlan& plan) {
  // What stays in its place gets its width put in: it may share a declaration with others.
  std::vector<FieldFact> fields = plan.fields;
  for (std::uint32_t i = 0; i < plan.order.size(); ++i) {
    if (plan.order[i] == i) fields[i].extent = record.fields[i].extent;
  }
  Fix fix = *reorder_fields(record, fields, plan.order);
  fix.title = fmt::format("make bit-fields of bools of '{}'", record.name);
  for (const std::uint32_t i : plan.bools) {
    if (plan.order[i] == i) fix.edits.push_back({record.where.file, record.fields[i].name_end, 0, " : 1"});
  }
  return fix;
}

void check(const RecordFact& record, const SourceContext& context, const OptionValues& options, Reporter& out) {
  if (record.fields.size() < 2 || !is_understood(record)) return;
  std::vector<Hazard> hazards = hazards_of_record(record);
  const bool may_move = judge_hazards(hazards, Change::reorder).effect != Effect::blocks;
  const std::uint64_t reordered =
      may_move ? best_order(record, record.fields, Freedom::within_access).bytes : record.bytes;
  const std::optional<BitFieldPlan> plan = plan_bit_fields(record, may_move, reordered);
  if (!plan) return;
  const Resizing edit{&record, plan->without_bytes, plan->bytes, record.align_bytes};
  const ObjectSavings savings = object_savings(edit, context);
  if (!is_worth_it(edit, savings, least_saving(options, 0))) return;
  const bool moves = plan->order != declared_order(record);
  if (moves) {
    add_reordering_hazards(record, plan->order, hazards);
  } else if (!record.all_uses_seen) {
    hazards.push_back({HazardKind::unseen_initialisers, record.where, ""});
  }
  if (has_no_objects(record)) hazards.push_back({HazardKind::no_objects, record.where, ""});
  const Permission permission = judge_hazards(hazards, moves ? Change::both : Change::bit_fields);
  if (permission.effect == Effect::blocks && !options.flag("report-blocked")) return;
  if (permission.effect != Effect::none && !is_worth_it_by_hand(edit, savings, options)) return;
  const std::optional<std::string> weighed = balance(record, *plan, savings, options.number("most-paying-objects"));
  if (!weighed && options.flag("count-code")) return;

  Draft draft;
  draft.message = fmt::format("'{}' takes {} bytes, {} of them for bools that {} bit-fields would hold", record.name,
                              record.bytes, plan->without_bytes - plan->bytes, plan->bools.size());
  draft.where.source = record.where;
  draft.details = layout_tables(record, plan->fields, plan->order);
  draft.saving = savings.saving;
  draft.help = declarations(*plan);
  if (moves) draft.help += fmt::format(", and {}", moves_text(record, plan->order));
  if (plan->without_bytes < record.bytes)
    draft.help += fmt::format("; it takes {} bytes then, not the {} that another order alone gives", plan->bytes,
                              plan->without_bytes);
  draft.help += savings.text + weighed.value_or("");
  if (permission.effect == Effect::none) {
    draft.fix = fix_of(record, *plan);
  } else {
    add_reasons(permission, draft);
  }
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule bool_cluster = {
    .info = {.id = "bool-cluster",
             .summary = "Finds records that shrink when some of their bools become bit-fields.",
             .default_severity = Severity::info,
             .since = "0.1.0",
             .options = kOptions,
             .fix = FixKind::sometimes},
    .check = &check,
};

}  // namespace wml::rule
