#include "analyzer/source/facts_json.h"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analyzer/utf8.h"

namespace nlohmann {

template <class T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& out, const std::optional<T>& value) {
    if (value) {
      out = *value;
    } else {
      out = nullptr;
    }
  }
  static void from_json(const json& in, std::optional<T>& value) {
    value = in.is_null() ? std::nullopt : std::optional<T>(in.get<T>());
  }
};

}  // namespace nlohmann

namespace wml {

using nlohmann::json;

namespace {

/// An enumerator by its name.
template <class Enum, std::size_t Count>
Enum named(const json& in, const std::array<std::pair<Enum, std::string_view>, Count>& names) {
  const auto& text = in.get_ref<const std::string&>();
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  throw std::invalid_argument("\"" + text + "\" is not known");
}

template <class Enum, std::size_t Count>
std::string_view name_in(Enum value, const std::array<std::pair<Enum, std::string_view>, Count>& names) {
  for (const auto& [other, name] : names) {
    if (other == value) return name;
  }
  return {};
}

constexpr std::array<std::pair<TargetProfile, std::string_view>, 4> kProfiles{{
    {TargetProfile::wasm32, to_string(TargetProfile::wasm32)},
    {TargetProfile::wasm32_emscripten, to_string(TargetProfile::wasm32_emscripten)},
    {TargetProfile::wasm64, to_string(TargetProfile::wasm64)},
    {TargetProfile::wasm64_emscripten, to_string(TargetProfile::wasm64_emscripten)},
}};
constexpr std::array<std::pair<InitialiserKind, std::string_view>, 3> kInitialiserKinds{{
    {InitialiserKind::positional, "positional"},
    {InitialiserKind::designated, "designated"},
    {InitialiserKind::constructor, "constructor"},
}};
constexpr std::array<std::pair<SuppressionKind, std::string_view>, 2> kSuppressionKinds{{
    {SuppressionKind::allow, "allow"},
    {SuppressionKind::nolint, "nolint"},
}};
constexpr std::array<std::pair<Storage, std::string_view>, 7> kStorages{{
    {Storage::static_storage, "static"},
    {Storage::stack, "stack"},
    {Storage::member, "member"},
    {Storage::heap, "heap"},
    {Storage::container, "container"},
    {Storage::temporary, "temporary"},
    {Storage::untyped, "untyped"},
}};

constexpr std::array<std::pair<AllocationForm, std::string_view>, 10> kForms{{
    {AllocationForm::malloc, "malloc"},
    {AllocationForm::new_object, "new-object"},
    {AllocationForm::new_array, "new-array"},
    {AllocationForm::unique_object, "unique-object"},
    {AllocationForm::unique_array, "unique-array"},
    {AllocationForm::vector, "vector"},
    {AllocationForm::string, "string"},
    {AllocationForm::deque, "deque"},
    {AllocationForm::string_stream, "string-stream"},
    {AllocationForm::concatenation, "concatenation"},
}};
constexpr std::array<std::pair<Reach, std::string_view>, 4> kReaches{{
    {Reach::unknown, "unknown"},
    {Reach::shown, "shown"},
    {Reach::scoped, "scoped"},
    {Reach::confined, "confined"},
}};
constexpr std::array<std::pair<CopyKind, std::string_view>, 9> kCopyKinds{{
    {CopyKind::parameter, "parameter"},
    {CopyKind::range_for, "range-for"},
    {CopyKind::range_conversion, "range-conversion"},
    {CopyKind::initialisation, "initialisation"},
    {CopyKind::capture, "capture"},
    {CopyKind::unmoved, "unmoved"},
    {CopyKind::const_result, "const-result"},
    {CopyKind::member_result, "member-result"},
    {CopyKind::argument_result, "argument-result"},
}};

}  // namespace

void to_json(json& out, TargetProfile value) { out = name_in(value, kProfiles); }
void from_json(const json& in, TargetProfile& value) { value = named(in, kProfiles); }
void to_json(json& out, InitialiserKind value) { out = name_in(value, kInitialiserKinds); }
void from_json(const json& in, InitialiserKind& value) { value = named(in, kInitialiserKinds); }
void to_json(json& out, SuppressionKind value) { out = name_in(value, kSuppressionKinds); }
void from_json(const json& in, SuppressionKind& value) { value = named(in, kSuppressionKinds); }
void to_json(json& out, Storage value) { out = name_in(value, kStorages); }
void from_json(const json& in, Storage& value) { value = named(in, kStorages); }
void to_json(json& out, AllocationForm value) { out = name_in(value, kForms); }
void from_json(const json& in, AllocationForm& value) { value = named(in, kForms); }
void to_json(json& out, Reach value) { out = name_in(value, kReaches); }
void from_json(const json& in, Reach& value) { value = named(in, kReaches); }
void to_json(json& out, CopyKind value) { out = name_in(value, kCopyKinds); }
void from_json(const json& in, CopyKind& value) { value = named(in, kCopyKinds); }
void to_json(json& out, HazardKind value) { out = info_of(value).id; }
void from_json(const json& in, HazardKind& value) {
  const auto& text = in.get_ref<const std::string&>();
  for (const HazardInfo& info : kHazards) {
    if (info.id != text) continue;
    value = info.kind;
    return;
  }
  throw std::invalid_argument("\"" + text + "\" is no hazard");
}

/// [file, line, column, offset]: half of a unit's facts are places.
void to_json(json& out, const SourceLocation& place) {
  out = json::array({place.file, place.line, place.column, place.offset});
}

void from_json(const json& in, SourceLocation& place) {
  in.at(0).get_to(place.file);
  in.at(1).get_to(place.line);
  in.at(2).get_to(place.column);
  in.at(3).get_to(place.offset);
}

/// An edit puts this text elsewhere, so it keeps its bytes: what is no UTF-8 goes as an array of numbers.
void to_json(json& out, const SourceText& text) {
  out = {{"offset", text.offset}};
  out["text"] =
      is_utf8(text.text) ? json(text.text) : json(std::vector<std::uint8_t>(text.text.begin(), text.text.end()));
}

void from_json(const json& in, SourceText& text) {
  in.at("offset").get_to(text.offset);
  const json& bytes = in.at("text");
  if (bytes.is_string()) {
    bytes.get_to(text.text);
    return;
  }
  const auto numbers = bytes.get<std::vector<std::uint8_t>>();
  text.text.assign(numbers.begin(), numbers.end());
}

// There are thousands of fields in a unit, most of whose members are as they are by default: those are left out.
#define MEMLINT_PUT(member) \
  if (!(fact.member == plain.member)) out[#member] = fact.member;
#define MEMLINT_GET(member) \
  if (const auto found = in.find(#member); found != in.end()) found->get_to(fact.member);
#define MEMLINT_DEFINE_SPARSE(Type, ...)                                     \
  void to_json(json& out, const Type& fact) {                                \
    static const Type plain;                                                 \
    out = json::object();                                                    \
    NLOHMANN_JSON_EXPAND(NLOHMANN_JSON_PASTE(MEMLINT_PUT, __VA_ARGS__))      \
  }                                                                          \
  void from_json(const json& in, Type& fact) {                               \
    if (!in.is_object()) throw std::invalid_argument(#Type " is no object"); \
    NLOHMANN_JSON_EXPAND(NLOHMANN_JSON_PASTE(MEMLINT_GET, __VA_ARGS__))      \
  }

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FieldUses, reads, constant_writes, variable_writes)
MEMLINT_DEFINE_SPARSE(FieldFact, name, type, where, offset_bits, bytes, data_bytes, align_bytes, bit_width, access_run,
                      is_bool, pinned, ordered, own_declaration, doc_group, extent, name_end, uses, header_uses,
                      enum_id, record_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InitialiserElement, field, extent)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InitialiserFact, kind, where, rewritable, elements)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FieldEvaluation, field, effects, reads, uses, takes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ConstructionFact, where, fields)
MEMLINT_DEFINE_SPARSE(InstanceFact, storage, name, count, where, header_bytes, holder)
MEMLINT_DEFINE_SPARSE(Hazard, kind, where, what)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RecordFact, name, usr, id, where, bytes, align_bytes, start_bytes, fields, hazards,
                                   initialisers, constructions, instances, all_uses_seen)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EnumFact, name, id, where, bytes, scoped, lowest, highest, underlying, hazards,
                                   instances, all_uses_seen)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SuppressionFact, kind, where, first_line, last_line, rules, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(IdleStretch, last_use, next_allocation, next_bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StackEdit, declaration, length, text, release, release_length)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AppendEdit, where, length, text)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AllocationFact, form, reach, name, type, element, function, where, bytes, size_text,
                                   steady, zeroed, kept_by_optimiser, recursive, resized, loop, iterations, idle,
                                   stack_edit, append_edit)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AppendLoopFact, name, type, function, where, loop, element_bytes, count, count_text,
                                   trusted, editable, insertion, indentation)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WholeInputFact, name, type, function, where, walk)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CopyFact, kind, name, type, source, function, where, callee, callee_where,
                                   contiguous, part, short_characters, heap_bytes, loop, iterations)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SourceError, where, message)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SourceFacts, unit, profile, compiler, files, records, enums, allocations,
                                   append_loops, whole_inputs, copies, suppressions, errors)

namespace {

/// What the arithmetic on facts relies on: a line may come from anywhere.
std::optional<std::string> flaw_of(const SourceFacts& facts) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  const auto is_power = [](std::uint64_t value) { return value != 0 && value <= kMost && (value & (value - 1)) == 0; };
  for (const RecordFact& record : facts.records) {
    if (!is_power(record.align_bytes)) return record.name + ": its alignment is no power of two";
    if (record.bytes > kMost || record.start_bytes > kMost) return record.name + ": its size is out of bounds";
    for (const FieldFact& field : record.fields) {
      if (!is_power(field.align_bytes)) return record.name + "::" + field.name + ": its alignment is no power of two";
      if (field.bytes > kMost || field.data_bytes > field.bytes || field.bit_width.value_or(0) > 1U << 24)
        return record.name + "::" + field.name + ": its size is out of bounds";
    }
    for (const InitialiserFact& list : record.initialisers) {
      for (const InitialiserElement& element : list.elements) {
        if (element.field >= record.fields.size()) return record.name + ": an initialiser is for no field";
      }
    }
    for (const ConstructionFact& construction : record.constructions) {
      for (const FieldEvaluation& evaluation : construction.fields) {
        if (evaluation.field >= record.fields.size()) return record.name + ": an initialiser is for no field";
      }
    }
  }
  for (const EnumFact& fact : facts.enums) {
    if (!is_power(fact.bytes) || fact.bytes > 16) return fact.name + ": its size is out of bounds";
    if (fact.lowest > fact.highest) return fact.name + ": its lowest value is above its highest one";
  }
  return std::nullopt;
}

}  // namespace

std::string to_json_line(const SourceFacts& facts) {
  json out = facts;
  out["facts_version"] = kFactsVersion;
  // Names and messages may hold any bytes: what is no UTF-8 is replaced.
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<SourceFacts> from_json_line(std::string_view line) {
  try {
    const json in = json::parse(line);
    if (!in.is_object() || in.value("facts_version", 0) != kFactsVersion)
      return Error{
          fmt::format("these are no facts of version {}: make them again with this version's plugin", kFactsVersion),
          std::nullopt};
    auto facts = in.get<SourceFacts>();
    if (const auto flaw = flaw_of(facts)) return Error{*flaw, std::nullopt};
    return facts;
  } catch (const std::exception& problem) {
    return Error{problem.what(), std::nullopt};
  }
}

}  // namespace wml
