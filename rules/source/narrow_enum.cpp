#include "rules/source/narrow_enum.h"

#include <algorithm>
#include <utility>

#include "rules/source/permission.h"
#include "rules/source/resized_records.h"

namespace wml {
namespace {

template <class T>
bool fits(const EnumFact& fact) {
  return std::in_range<T>(fact.lowest) && std::in_range<T>(fact.highest);
}

std::optional<RecordFact> with_narrow_fields(const RecordFact& record, const EnumFact& fact, std::uint64_t enum_bytes) {
  RecordFact then = record;
  for (FieldFact& field : then.fields) {
    if (field.enum_id != fact.id) continue;
    if (field.bit_width.value_or(0) > enum_bytes * 8 || field.align_bytes != fact.bytes) return std::nullopt;
    field.bytes = field.bytes / fact.bytes * enum_bytes;
    field.data_bytes = field.bytes;
    field.align_bytes = enum_bytes;
  }
  const std::optional<std::uint64_t> align = alignment_with(record, then.fields);
  if (!align) return std::nullopt;
  then.align_bytes = *align;
  return then;
}

}  // namespace

std::optional<UnderlyingType> narrower_type(const EnumFact& fact) {
  UnderlyingType type{"unsigned", 4};
  if (fits<std::uint8_t>(fact))
    type = {"unsigned char", 1};
  else if (fits<std::int8_t>(fact))
    type = {"signed char", 1};
  else if (fits<std::uint16_t>(fact))
    type = {"unsigned short", 2};
  else if (fits<std::int16_t>(fact))
    type = {"short", 2};
  else if (fits<std::int32_t>(fact))
    type = {"int", 4};
  else if (!fits<std::uint32_t>(fact))
    return std::nullopt;
  return type.bytes < fact.bytes ? std::optional(type) : std::nullopt;
}

bool holds(const RecordFact& record, const EnumFact& fact) {
  return std::ranges::find(record.fields, fact.id, &FieldFact::enum_id) != record.fields.end();
}

std::optional<NarrowedRecord> narrow_record(const RecordFact& record, const EnumFact& fact, std::uint64_t enum_bytes) {
  if (!holds(record, fact) || !is_understood(record)) return std::nullopt;
  std::optional<RecordFact> then = with_narrow_fields(record, fact, enum_bytes);
  if (!then) return std::nullopt;
  const bool may_move = judge_hazards(record.hazards, Change::reorder).effect != Effect::blocks;
  const std::uint64_t without =
      may_move ? best_order(record, record.fields, Freedom::within_access).bytes : record.bytes;
  FieldOrder order = declared_order(record);
  then->bytes = lay_out(*then, then->fields, order).bytes;
  if (then->bytes < without) return NarrowedRecord{std::move(*then), std::move(order), false, without};
  if (!may_move) return std::nullopt;
  BestOrder best = best_order(*then, then->fields, Freedom::within_access);
  if (best.bytes >= without) return std::nullopt;
  then->bytes = best.bytes;
  return NarrowedRecord{std::move(*then), std::move(best.order), true, without};
}

}  // namespace wml
