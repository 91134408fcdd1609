#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rules/model/finding.h"
#include "rules/source/record_layout.h"

/// A new order of fields as edits of the source.
namespace wml {

/// Hazards that only the wanted order tells: fields that cannot move as text, initialisers that cannot follow,
/// destructors that would run in another order.
void add_reordering_hazards(const RecordFact& record, std::span<const std::uint32_t> order,
                            std::vector<Hazard>& hazards);

/// What the record is to be like with `fields` in `order`.
Promise promise_of(const RecordFact& record, std::span<const FieldFact> fields, std::span<const std::uint32_t> order);

/// `fields` stand for the record's own and carry the texts by which they are to be declared.
std::optional<Fix> reorder_fields(const RecordFact& record, std::span<const FieldFact> fields,
                                  std::span<const std::uint32_t> order);

/// The fields' declarations and the initialisers that follow them, in the new order. Where `add_reordering_hazards`
/// finds none this changes nothing but the layout.
std::optional<Fix> reorder_fields(const RecordFact& record, std::span<const std::uint32_t> order);

/// "move a behind d and c to the front": what an editor has to do. Where much moves, the whole order: "declare the
/// fields in the order b, d, a".
std::string moves_text(const RecordFact& record, std::span<const std::uint32_t> order);

}  // namespace wml
