#include "analyzer/source/merge_units.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace wml {
namespace {

using Place = std::tuple<std::string, std::uint64_t>;

Place place_of(const SourceLocation& where) { return {where.file, where.offset}; }

/// Adds what is not there yet, by `key`.
template <class Fact, class Key>
void unite(std::vector<Fact>& into, const std::vector<Fact>& from, Key key) {
  std::set<decltype(key(from.front()))> known;
  for (const Fact& fact : into) known.insert(key(fact));
  for (const Fact& fact : from) {
    if (known.insert(key(fact)).second) into.push_back(fact);
  }
}

bool same_layout(const RecordFact& a, const RecordFact& b) {
  const auto key = [](const FieldFact& field) {
    return std::tuple(field.name, field.offset_bits, field.bytes, field.bit_width);
  };
  return a.bytes == b.bytes && a.align_bytes == b.align_bytes && std::ranges::equal(a.fields, b.fields, {}, key, key);
}

/// What a header does with a field is in each unit that includes it: the unit that includes the most of it tells.
void unite_uses(FieldFact& into, const FieldFact& from) {
  into.uses.reads += from.uses.reads;
  into.uses.constant_writes += from.uses.constant_writes;
  into.uses.variable_writes += from.uses.variable_writes;
  into.header_uses.reads = std::max(into.header_uses.reads, from.header_uses.reads);
  into.header_uses.constant_writes = std::max(into.header_uses.constant_writes, from.header_uses.constant_writes);
  into.header_uses.variable_writes = std::max(into.header_uses.variable_writes, from.header_uses.variable_writes);
}

/// Of containers and temporaries one of a kind is enough.
void unite_instances(std::vector<InstanceFact>& into, const std::vector<InstanceFact>& from) {
  unite(into, from, [](const InstanceFact& i) {
    const bool has_place = i.storage < Storage::container;
    return std::tuple(i.storage, i.name, i.holder, has_place ? place_of(i.where) : Place());
  });
}

/// The first thing that a layout has otherwise than another one.
std::string difference_of(const RecordFact& one, const RecordFact& other) {
  for (std::size_t i = 0; i < std::min(one.fields.size(), other.fields.size()); ++i) {
    const FieldFact &a = one.fields[i], &b = other.fields[i];
    if (a.name != b.name) return fmt::format("'{}' stands where others have '{}'", a.name, b.name);
    if (a.bytes != b.bytes) return fmt::format("'{}' takes {} bytes, not {}", a.name, a.bytes, b.bytes);
    if (a.offset_bits != b.offset_bits)
      return fmt::format("'{}' lies at {}, not at {}", a.name, a.offset_bits / 8, b.offset_bits / 8);
  }
  if (one.fields.size() != other.fields.size())
    return fmt::format("it has {} fields, not {}", one.fields.size(), other.fields.size());
  return one.align_bytes != other.align_bytes
             ? fmt::format("it is aligned to {}, not to {}", one.align_bytes, other.align_bytes)
             : std::string();
}

/// A record and the unit that it was seen in first.
struct KnownRecord {
  std::size_t index = 0;
  std::string unit;
};

void add_variant(RecordFact& into, const RecordFact& from, const std::string& into_unit, const std::string& from_unit) {
  if (into.variants.empty()) into.variants.push_back({into_unit, into.bytes, difference_of(into, from)});
  LayoutVariant variant{from_unit, from.bytes, difference_of(from, into)};
  const bool known = std::ranges::any_of(into.variants, [&](const LayoutVariant& other) {
    return other.bytes == variant.bytes && other.difference == variant.difference;
  });
  if (!known) into.variants.push_back(std::move(variant));
}

void unite_records(RecordFact& into, const RecordFact& from) {
  unite(into.hazards, from.hazards, [](const Hazard& h) { return std::tuple(h.kind, place_of(h.where), h.what); });
  unite(into.initialisers, from.initialisers,
        [](const InitialiserFact& i) { return std::tuple(i.kind, place_of(i.where)); });
  unite(into.constructions, from.constructions,
        [](const ConstructionFact& c) { return std::tuple(place_of(c.where), c.fields); });
  unite_instances(into.instances, from.instances);
  for (std::size_t i = 0; i < into.fields.size(); ++i) unite_uses(into.fields[i], from.fields[i]);
}

void unite_enums(EnumFact& into, const EnumFact& from) {
  if (into.bytes != from.bytes) {
    into.hazards.push_back(
        {HazardKind::several_layouts, from.where, fmt::format("{} bytes here, {} there", into.bytes, from.bytes)});
  }
  into.lowest = std::min(into.lowest, from.lowest);
  into.highest = std::max(into.highest, from.highest);
  unite(into.hazards, from.hazards, [](const Hazard& h) { return std::tuple(h.kind, place_of(h.where), h.what); });
  unite_instances(into.instances, from.instances);
}

void add_enums(SourceFacts& program, std::vector<EnumFact>& from, std::map<std::string, std::size_t>& known) {
  for (EnumFact& fact : from) {
    const auto [place, is_new] = known.try_emplace(fact.id, program.enums.size());
    if (is_new) {
      program.enums.push_back(std::move(fact));
    } else {
      unite_enums(program.enums[place->second], fact);
    }
  }
}

/// Facts of functions: those of a header are the same in each unit that includes it.
using KnownPlaces = std::set<std::tuple<std::string, std::uint64_t, std::string>>;

template <class Fact>
void add_new(std::vector<Fact>& into, std::vector<Fact>& from, KnownPlaces& known) {
  for (Fact& fact : from) {
    if (known.emplace(fact.where.file, fact.where.offset, fact.name).second) into.push_back(std::move(fact));
  }
}

struct KnownHeapUse {
  KnownPlaces allocations;
  KnownPlaces append_loops;
  KnownPlaces whole_inputs;
  KnownPlaces copies;
};

void add_heap_use(SourceFacts& program, SourceFacts& unit, KnownHeapUse& known) {
  add_new(program.allocations, unit.allocations, known.allocations);
  add_new(program.append_loops, unit.append_loops, known.append_loops);
  add_new(program.whole_inputs, unit.whole_inputs, known.whole_inputs);
  add_new(program.copies, unit.copies, known.copies);
}

}  // namespace

SourceFacts merge_units(std::vector<SourceFacts>& units, Coverage coverage) {
  SourceFacts program;
  const auto first = std::ranges::find_if(units, [](const SourceFacts& unit) { return !unit.compiler.empty(); });
  if (first == units.end()) return program;
  program.profile = first->profile;
  program.compiler = first->compiler;
  std::map<std::string, KnownRecord> known;
  std::map<std::string, std::size_t> known_enums;
  KnownHeapUse known_heap_use;
  for (SourceFacts& unit : units) {
    if (unit.compiler.empty()) continue;
    if (unit.profile != program.profile) {
      unit.errors.push_back({{},
                             fmt::format("it is for {}, and the units before it for {}: layouts differ "
                                         "(--target takes all of them for one)",
                                         to_string(unit.profile), to_string(program.profile))});
      continue;
    }
    unite(program.suppressions, unit.suppressions,
          [](const SuppressionFact& s) { return std::tuple(s.kind, place_of(s.where)); });
    for (RecordFact& record : unit.records) {
      const auto [place, is_new] = known.try_emplace(record.id, KnownRecord{program.records.size(), unit.unit});
      if (is_new) {
        program.records.push_back(std::move(record));
        continue;
      }
      RecordFact& earlier = program.records[place->second.index];
      if (same_layout(earlier, record)) {
        unite_records(earlier, record);
      } else {
        earlier.hazards.push_back({HazardKind::several_layouts, record.where,
                                   fmt::format("{} bytes here, {} there", earlier.bytes, record.bytes)});
        add_variant(earlier, record, place->second.unit, unit.unit);
      }
    }
    add_enums(program, unit.enums, known_enums);
    add_heap_use(program, unit, known_heap_use);
  }
  for (RecordFact& record : program.records)
    record.all_uses_seen = record.all_uses_seen || coverage == Coverage::whole_program;
  for (EnumFact& fact : program.enums) fact.all_uses_seen = fact.all_uses_seen || coverage == Coverage::whole_program;
  return program;
}

}  // namespace wml
