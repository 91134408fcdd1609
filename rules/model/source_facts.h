#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/hazard.h"
#include "rules/model/heap_use_facts.h"
#include "rules/model/location.h"

/// What C and C++ sources say about memory, one translation unit at a time. Plain values: no Clang type. Layouts are
/// those of a wasm target, never of the host. Sizes are bytes unless the name says bits.
namespace wml {

/// Targets whose record layouts differ. Emscripten aligns long double, and so max_align_t, to 8 bytes, others to 16.
enum class TargetProfile : std::uint8_t { wasm32, wasm32_emscripten, wasm64, wasm64_emscripten };

constexpr std::string_view to_string(TargetProfile profile) {
  switch (profile) {
    case TargetProfile::wasm32: return "wasm32";
    case TargetProfile::wasm32_emscripten: return "wasm32-emscripten";
    case TargetProfile::wasm64: return "wasm64";
    case TargetProfile::wasm64_emscripten: return "wasm64-emscripten";
  }
  return "wasm32";
}

/// A piece of a source file and its text, as it stands there.
struct SourceText {
  std::uint64_t offset = 0;
  std::string text;

  bool operator==(const SourceText&) const = default;
};

/// How often a field is read and written. What cannot be told (a write through a reference) is a hazard.
struct FieldUses {
  std::uint32_t reads = 0;
  std::uint32_t constant_writes = 0;
  std::uint32_t variable_writes = 0;

  bool operator==(const FieldUses&) const = default;
};

/// A non-static data member.
struct FieldFact {
  std::string name;  ///< empty: an unnamed bit-field, an anonymous struct
  std::string type;  ///< as it is written
  SourceLocation where;
  std::uint64_t offset_bits = 0;
  std::uint64_t bytes = 0;       ///< of its type; of a bit-field, of the type that it is declared with
  std::uint64_t data_bytes = 0;  ///< behind which the next member may lie: less than `bytes` with [[no_unique_address]]
  std::uint64_t align_bytes = 1;
  std::optional<std::uint32_t> bit_width;  ///< of a bit-field
  std::uint32_t access_run = 0;            ///< fields with no access specifier between them share a number
  bool is_bool = false;
  bool pinned = false;           ///< must stay where it is: a flexible array
  bool ordered = false;          ///< its construction or destruction runs code: it keeps its order among such fields
  bool own_declaration = false;  ///< `extent` declares it and nothing else, and can be moved as text
  std::uint32_t doc_group = 0;   ///< fields with no marker of a group (Doxygen's @{ and @}) between them share a number
  SourceText extent;             ///< its declaration with its comments, whole lines where it has them to itself
  std::uint64_t name_end = 0;    ///< offset behind its declarator in the file: where ` : 1` would go
  FieldUses uses;                ///< in the unit's own file
  FieldUses header_uses;         ///< in what it includes, which other units include as well
  std::string enum_id;           ///< of the enumeration that it is, or is an array of (EnumFact::id); or empty
  std::string record_id;         ///< the same of a record (RecordFact::id)
};

/// One element of an initialiser list, for one field.
struct InitialiserElement {
  std::uint32_t field = 0;  ///< index into RecordFact::fields
  SourceText extent;
};

enum class InitialiserKind : std::uint8_t { positional, designated, constructor };

/// An initialiser list of a record, or the initialisers of one of its constructors: what has to follow the order of
/// the fields.
struct InitialiserFact {
  InitialiserKind kind = InitialiserKind::positional;
  SourceLocation where;
  bool rewritable = false;  ///< the elements' texts can change places: no macros, nothing between them but commas
  std::vector<InitialiserElement> elements;
};

/// What the initialisation of a field depends on and changes: whether others may change places with it.
struct FieldEvaluation {
  std::uint32_t field = 0;             ///< index into RecordFact::fields
  bool effects = false;                ///< it may change, or see the change of, anything that is not a constant
  bool reads = false;                  ///< its value depends on what others may change
  std::vector<std::uint32_t> uses{};   ///< parameters of its constructor that nobody else can reach
  std::vector<std::uint32_t> takes{};  ///< those of them that it changes: it moves from them

  friend auto operator<=>(const FieldEvaluation&, const FieldEvaluation&) = default;
};

/// A way in which objects of a record are made: a constructor or an initialiser list. Fields that constants initialise
/// are left out.
struct ConstructionFact {
  SourceLocation where;
  std::vector<FieldEvaluation> fields;
};

/// Where objects of a record live.
enum class Storage : std::uint8_t {
  static_storage,
  stack,
  member,     ///< of another record, or its base
  heap,       ///< a block for each time that the expression runs
  container,  ///< elements of a container, or of memory that somebody's allocator hands out: any number
  temporary,  ///< it is made, passed or returned there: says no more than that there are objects
  untyped,    ///< memory that a pointer to void brings: a callback's context, or an allocator's; or what a
              ///< std::unique_ptr hands on
};

/// Objects of a record: a variable, a member of another record, an expression that allocates.
struct InstanceFact {
  Storage storage = Storage::static_storage;
  std::string name;  ///< of the variable; of the other record and its field; of the container; or empty
  std::optional<std::uint64_t> count;  ///< elements, where the size of the array is a constant
  SourceLocation where;
  std::uint64_t header_bytes = 0;  ///< in front of the objects in their block of the heap
  std::string holder;  ///< RecordFact::id of what it is a member of, or whose std::unique_ptr keeps the block
};

/// A record as one of several units sees it.
struct LayoutVariant {
  std::string unit;
  std::uint64_t bytes = 0;
  std::string difference;  ///< from the first one: "'b' lies at 4, not at 8"
};

/// A struct or class that the unit defines.
struct RecordFact {
  std::string name;  ///< qualified, as C++ spells it; of a typedef where it has no other
  std::string usr;   ///< Clang's unified symbol resolution, the same in every unit
  std::string id;    ///< its USR and its place: C files may define different ones of the same name
  SourceLocation where;
  std::uint64_t bytes = 0;
  std::uint64_t align_bytes = 1;
  std::uint64_t start_bytes = 0;  ///< where the first field may lie: behind the bases and the pointer to the vtable
  std::vector<FieldFact> fields;
  std::vector<Hazard> hazards;
  std::vector<InitialiserFact> initialisers;
  std::vector<ConstructionFact> constructions;  ///< those in which the order may matter
  std::vector<InstanceFact> instances;
  bool all_uses_seen = false;  ///< no unit that was not looked at can use it, as far as includes go
  /// Where units of a program differ, one of each layout, its own first. No part of a line of facts.
  std::vector<LayoutVariant> variants;
};

/// An enumeration that the unit defines and that might be narrower: of more than one byte.
struct EnumFact {
  std::string name;  ///< qualified; of a typedef where it has no other
  std::string id;    ///< its USR and its place: C files may define different ones of the same name
  SourceLocation where;
  std::uint64_t bytes = 0;
  bool scoped = false;
  std::int64_t lowest = 0;
  std::int64_t highest = 0;  ///< values that it has to hold: its enumerators, and constants and flags converted to it
  std::optional<SourceText> underlying;  ///< its written type, or an empty text where ` : T` goes; none in a macro
  std::vector<Hazard> hazards;
  std::vector<InstanceFact> instances;  ///< arrays of it
  bool all_uses_seen = false;           ///< as of a record
};

enum class SuppressionKind : std::uint8_t { allow, nolint };

/// A comment that silences rules: `// wasm-memlint: allow(RULE) REASON`, or one of clang-tidy's NOLINT comments.
struct SuppressionFact {
  SuppressionKind kind = SuppressionKind::allow;
  SourceLocation where;  ///< of the comment
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;     ///< the lines of `where.file` that it is for, this one among them
  std::vector<std::string> rules;  ///< globs of their ids, or of their names in clang-tidy
  std::string reason;              ///< of an `allow`, which does not count without one
};

/// Something that kept a unit from being analysed as a whole: an error of the compiler.
struct SourceError {
  SourceLocation where;
  std::string message;
};

/// One translation unit.
struct SourceFacts {
  std::string unit;  ///< path of its main file
  TargetProfile profile = TargetProfile::wasm32;
  std::string compiler;            ///< "clang 22.1.8": layouts are pinned to it
  std::vector<std::string> files;  ///< the user's files that it is made of, its main file among them
  std::vector<RecordFact> records;
  std::vector<EnumFact> enums;
  std::vector<SuppressionFact> suppressions;
  std::vector<AllocationFact> allocations;
  std::vector<AppendLoopFact> append_loops;
  std::vector<WholeInputFact> whole_inputs;
  std::vector<CopyFact> copies;
  std::vector<SourceError> errors;
  /// Of the module that the program is linked to: what its stack has beyond its proven use. No part of a line of facts.
  std::optional<std::uint64_t> spare_stack_bytes;
};

}  // namespace wml
