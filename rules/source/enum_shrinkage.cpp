#include "rules/source/enum_shrinkage.h"

#include <algorithm>

#include "rules/model/pages.h"

namespace wml {
namespace {

constexpr std::uint64_t kLeastWithMoves = 8;  // bytes

std::vector<ShrinkingRecord> records_that_shrink(const EnumFact& fact, std::uint64_t enum_bytes,
                                                 const SourceContext& context, const LeastSaving& least) {
  std::vector<ShrinkingRecord> found;
  for (const RecordFact& record : context.records) {
    std::optional<NarrowedRecord> narrowed = narrow_record(record, fact, enum_bytes);
    if (!narrowed) continue;
    ShrinkingRecord one{&record, std::move(*narrowed)};
    const ObjectSavings savings = object_savings(one.edit(), context);
    // Two changes for one saving.
    LeastSaving own = least;
    if (one.narrowed.moves) own.bytes = std::max(own.bytes, kLeastWithMoves);
    if (is_worth_it(one.edit(), savings, own)) found.push_back(std::move(one));
  }
  std::ranges::stable_sort(found, {}, [](const ShrinkingRecord& one) { return one.narrowed.moves; });
  return found;
}

/// The arrays of the enumeration, in static data or in the heap, as those of a record of its size.
RecordFact arrays_that_shrink(const EnumFact& fact, std::uint64_t enum_bytes, const SourceContext& context,
                              const LeastSaving& least) {
  RecordFact element;
  element.bytes = fact.bytes;
  std::uint64_t in_static_data = 0;
  bool any_on_heap = false;
  for (const InstanceFact& array : fact.instances) {
    if (array.storage == Storage::stack || !array.count) continue;
    const std::uint64_t old_bytes = saturating_multiply(*array.count, fact.bytes);
    const std::uint64_t new_bytes = saturating_multiply(*array.count, enum_bytes);
    const bool on_heap = array.storage == Storage::heap;
    const std::uint64_t saved =
        on_heap ? heap_block_bytes(old_bytes, context.profile) - heap_block_bytes(new_bytes, context.profile)
                : old_bytes - new_bytes;
    if (saved < std::max<std::uint64_t>(least.bytes, 1)) continue;
    element.instances.push_back(array);
    any_on_heap = any_on_heap || on_heap;
    if (!on_heap) in_static_data = saturating_add(in_static_data, saved);
  }
  if (!any_on_heap && in_static_data < least.in_all_bytes) element.instances.clear();
  return element;
}

}  // namespace

bool EnumShrinkage::only_moves() const {
  return !has_arrays() && std::ranges::all_of(records, [](const ShrinkingRecord& one) { return one.narrowed.moves; });
}

EnumShrinkage enum_shrinkage(const EnumFact& fact, std::uint64_t enum_bytes, const SourceContext& context,
                             const LeastSaving& least) {
  return {records_that_shrink(fact, enum_bytes, context, least), arrays_that_shrink(fact, enum_bytes, context, least),
          enum_bytes};
}

EnumSaving saved_by(const EnumShrinkage& all, bool in_place_only, const SourceContext& context) {
  std::vector<Resizing> edits;
  for (const ShrinkingRecord& one : all.records) {
    if (!in_place_only || !one.narrowed.moves) edits.push_back(one.edit());
  }
  EnumSaving sum{{Space::object, 0, 0}, ""};
  const auto add = [&](const ObjectSavings& savings) {
    sum.text += savings.text;
    if (savings.saving.space != sum.saving.space) {
      if (savings.saving.space == Space::linear_memory) sum.saving = savings.saving;
      return;
    }
    if (savings.saving.space == Space::object) {  // of one, where it saves most
      sum.saving.low_bytes = std::max(sum.saving.low_bytes, savings.saving.low_bytes);
      sum.saving.high_bytes = std::max(sum.saving.high_bytes, savings.saving.high_bytes);
      return;
    }
    sum.saving.low_bytes = saturating_add(sum.saving.low_bytes, savings.saving.low_bytes);
    sum.saving.high_bytes = saturating_add(sum.saving.high_bytes, savings.saving.high_bytes);
  };
  if (!edits.empty()) add(object_savings(edits, context));
  if (all.has_arrays()) add(object_savings({&all.array_element, all.array_element.bytes, all.enum_bytes, 1}, context));
  return sum;
}

}  // namespace wml
