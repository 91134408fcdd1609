#include "rules/source/object_savings.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/model/pages.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

constexpr std::size_t kNamedInstances = 3;

std::uint64_t saved_by(const InstanceFact& instance, std::uint64_t old_bytes, std::uint64_t new_bytes,
                       TargetProfile profile) {
  const std::uint64_t count = instance.count.value_or(1);
  if (instance.storage != Storage::heap) return saturating_multiply(count, old_bytes - new_bytes);
  return heap_block_bytes(saturating_multiply(count, old_bytes), profile) -
         heap_block_bytes(saturating_multiply(count, new_bytes), profile);
}

std::string place_text(const InstanceFact& instance) {
  const std::string times = instance.count && *instance.count != 1 ? fmt::format("{} of them ", *instance.count) : "";
  switch (instance.storage) {
    case Storage::static_storage: return fmt::format("{}in static data ('{}')", times, instance.name);
    case Storage::stack: return fmt::format("{}on the stack ('{}')", times, instance.name);
    case Storage::member: return fmt::format("{}in each '{}'", times, instance.name);
    case Storage::heap:
      return instance.count ? fmt::format("{}in a block of the heap", times) : std::string("in blocks of the heap");
  }
  return {};
}

}  // namespace

std::uint64_t heap_block_bytes(std::uint64_t bytes, TargetProfile profile) {
  const bool emscripten = profile == TargetProfile::wasm32_emscripten || profile == TargetProfile::wasm64_emscripten;
  const bool wide = profile == TargetProfile::wasm64 || profile == TargetProfile::wasm64_emscripten;
  const std::uint64_t header = wide ? 8 : 4;
  const std::uint64_t least = wide ? 32 : 16;
  return std::max(least, align_up(saturating_add(bytes, header), emscripten && !wide ? 8 : 16));
}

Saving saving_of(const RecordFact& record, std::uint64_t new_bytes, TargetProfile profile) {
  std::uint64_t bytes = 0;
  for (const InstanceFact& instance : record.instances) {
    if (instance.storage == Storage::static_storage)
      bytes = saturating_add(bytes, saved_by(instance, record.bytes, new_bytes, profile));
  }
  if (bytes > 0) return {Space::linear_memory, bytes, bytes};
  return {Space::object, record.bytes - new_bytes, record.bytes - new_bytes};
}

KnownSaving known_saving_of(const RecordFact& record, std::uint64_t new_bytes, TargetProfile profile) {
  // Objects in containers are not seen: where there are none at all, there are some somewhere else.
  KnownSaving known{0, !record.instances.empty()};
  for (const InstanceFact& instance : record.instances) {
    if (!instance.count || instance.storage == Storage::member) {
      known.complete = false;
    } else {
      known.bytes = saturating_add(known.bytes, saved_by(instance, record.bytes, new_bytes, profile));
    }
  }
  return known;
}

std::string consequences(const RecordFact& record, std::uint64_t new_bytes, TargetProfile profile) {
  std::string text;
  std::size_t named = 0;
  for (const InstanceFact& instance : record.instances) {
    if (named == kNamedInstances) break;
    if (!instance.count && instance.storage != Storage::heap) continue;
    const std::uint64_t saved = saved_by(instance, record.bytes, new_bytes, profile);
    text += fmt::format("{} {}: {}", named == 0 ? ";" : ",", place_text(instance), bytes_text(saved));
    if (instance.storage == Storage::heap && saved == 0) text += ", since the allocator rounds up";
    ++named;
  }
  if (named < record.instances.size() && named == kNamedInstances)
    text += fmt::format(", and {} more", record.instances.size() - named);
  return text;
}

}  // namespace wml
