#include "rules/source/reorder_fields.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/source/construction_order.h"

namespace wml {
namespace {

/// The place of each field in the order.
std::vector<std::size_t> places_of(std::span<const std::uint32_t> order) {
  std::vector<std::size_t> places(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  return places;
}

/// Which places hold a longest run of fields that keep their order among each other.
std::vector<bool> longest_increasing(std::span<const std::uint32_t> order) {
  std::vector<std::size_t> ends;  // ends[n]: the place of the lowest field that n others can stand in front of
  std::vector<std::size_t> before(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto end = std::ranges::lower_bound(ends, order[i], {}, [&](std::size_t place) { return order[place]; });
    before[i] = end == ends.begin() ? i : *std::prev(end);
    if (end == ends.end()) {
      ends.push_back(i);
    } else {
      *end = i;
    }
  }
  std::vector<bool> in_run(order.size());
  if (ends.empty()) return in_run;
  for (std::size_t i = ends.back();; i = before[i]) {
    in_run[i] = true;
    if (before[i] == i) return in_run;
  }
}

/// The elements of a list in the order that they take in the new one.
std::vector<std::size_t> elements_in_order(const InitialiserFact& list, const std::vector<std::size_t>& places) {
  std::vector<std::size_t> elements(list.elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = i;
  std::ranges::stable_sort(elements, {}, [&](std::size_t i) { return places[list.elements[i].field]; });
  return elements;
}

bool stays_as_it_is(const InitialiserFact& list, const std::vector<std::size_t>& places) {
  const bool sorted =
      std::ranges::is_sorted(list.elements, {}, [&](const InitialiserElement& e) { return places[e.field]; });
  if (list.kind != InitialiserKind::positional) return sorted;
  if (!list.rewritable) return false;  // which fields its elements are for may not be known
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    if (places[list.elements[i].field] != i) return false;
  }
  return true;
}

/// Elements that are given by position can follow when the fields that they are for come first again.
bool can_follow(const InitialiserFact& list, const std::vector<std::size_t>& places) {
  if (!list.rewritable) return false;
  if (list.kind != InitialiserKind::positional) return true;
  return std::ranges::all_of(list.elements,
                             [&](const InitialiserElement& e) { return places[e.field] < list.elements.size(); });
}

/// The first pair of fields that depend on their order and would change places.
void add_evaluation_hazard(const RecordFact& record, const ConstructionFact& construction,
                           const std::vector<std::size_t>& places, std::vector<Hazard>& hazards) {
  if (construction.fields.size() > kMostFields) {
    hazards.push_back({HazardKind::evaluation_order, construction.where, ""});
    return;
  }
  for (std::size_t i = 0; i < construction.fields.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const FieldEvaluation& before = construction.fields[j];
      const FieldEvaluation& after = construction.fields[i];
      const bool change_places =
          (before.field < after.field) != (places[before.field] < places[after.field]) && before.field != after.field;
      if (!change_places || !depend_on_order(before, after)) continue;
      hazards.push_back({HazardKind::evaluation_order, construction.where, record.fields[after.field].name});
      return;
    }
  }
}

std::string display_name(const FieldFact& field) {
  if (!field.name.empty()) return field.name;
  if (field.bit_width) return fmt::format("the unnamed bit-field at line {}", field.where.line);
  const bool is_union = field.type.find("union") != std::string::npos;
  return fmt::format("the anonymous {} at line {}", is_union ? "union" : "struct", field.where.line);
}

/// Puts the texts of `pieces` into each other's places: at place i stands what was at order[i].
void permute(const std::string& file, const std::vector<const SourceText*>& pieces, std::span<const std::size_t> order,
             std::vector<Edit>& edits) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (order[i] == i) continue;
    edits.push_back({file, pieces[i]->offset, pieces[i]->text.size(), pieces[order[i]]->text});
  }
}

}  // namespace

void add_reordering_hazards(const RecordFact& record, std::span<const std::uint32_t> order,
                            std::vector<Hazard>& hazards) {
  std::optional<std::uint32_t> last_ordered;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const FieldFact& field = record.fields[order[i]];
    if (order[i] != i && !field.own_declaration) {
      hazards.push_back({HazardKind::shared_declaration, field.where, field.name});
    }
    if (field.doc_group != record.fields[i].doc_group) {
      hazards.push_back({HazardKind::crosses_group, field.where, field.name});
    }
    if (!field.ordered) continue;
    if (last_ordered && *last_ordered > order[i]) {
      hazards.push_back({HazardKind::destruction_order, field.where, field.name});
    }
    last_ordered = order[i];
  }
  const std::vector<std::size_t> places = places_of(order);
  for (const InitialiserFact& list : record.initialisers) {
    if (stays_as_it_is(list, places) || can_follow(list, places)) continue;
    const bool by_name = list.kind == InitialiserKind::constructor;
    hazards.push_back({by_name ? HazardKind::fixed_constructor : HazardKind::fixed_initialiser, list.where, ""});
  }
  for (const ConstructionFact& construction : record.constructions)
    add_evaluation_hazard(record, construction, places, hazards);
  if (!record.all_uses_seen) hazards.push_back({HazardKind::unseen_initialisers, record.where, ""});
}

Promise promise_of(const RecordFact& record, std::span<const FieldFact> fields, std::span<const std::uint32_t> order) {
  const RecordLayout layout = lay_out(record, fields, order);
  Promise promise{record.usr, layout.bytes, {}};
  for (std::size_t i = 0; i < fields.size(); ++i)
    promise.offset_bits.emplace_back(fields[i].name, layout.offset_bits[i]);
  return promise;
}

std::optional<Fix> reorder_fields(const RecordFact& record, std::span<const FieldFact> fields,
                                  std::span<const std::uint32_t> order) {
  Fix fix{fmt::format("reorder the fields of '{}'", record.name), {}, {promise_of(record, fields, order)}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const SourceText& here = record.fields[i].extent;
    const std::string& wanted = fields[order[i]].extent.text;
    if (here.text != wanted) fix.edits.push_back({record.where.file, here.offset, here.text.size(), wanted});
  }
  const std::vector<std::size_t> places = places_of(order);
  for (const InitialiserFact& list : record.initialisers) {
    if (stays_as_it_is(list, places)) continue;
    std::vector<const SourceText*> pieces;
    pieces.reserve(list.elements.size());
    for (const InitialiserElement& element : list.elements) pieces.push_back(&element.extent);
    permute(list.where.file, pieces, elements_in_order(list, places), fix.edits);
  }
  return fix;
}

std::optional<Fix> reorder_fields(const RecordFact& record, std::span<const std::uint32_t> order) {
  return reorder_fields(record, record.fields, order);
}

std::string moves_text(const RecordFact& record, std::span<const std::uint32_t> order) {
  constexpr std::size_t kMostMoves = 3;
  const auto name_at = [&](std::size_t place) { return display_name(record.fields[order[place]]); };
  const std::vector<bool> stays = longest_increasing(order);
  std::vector<std::string> moves;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (stays[i]) continue;
    moves.push_back(i == 0 ? name_at(i) + " to the front" : fmt::format("{} behind {}", name_at(i), name_at(i - 1)));
  }
  if (moves.size() <= kMostMoves) return fmt::format("move {}", fmt::join(moves, ", "));
  std::vector<std::string> names(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) names[i] = name_at(i);
  return fmt::format("declare the fields in the order {}", fmt::join(names, ", "));
}

}  // namespace wml
