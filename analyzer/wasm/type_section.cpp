#include "analyzer/wasm/type_section.h"

#include <map>

#include <fmt/format.h>

namespace wml {
namespace {

// Lead bytes of type definitions (core specification, 5.3 "Types", and the proposals that Binaryen 132 reads).
constexpr std::uint8_t kDescribes = 0x4c, kDescriptor = 0x4d, kRecGroup = 0x4e, kSubFinal = 0x4f, kSub = 0x50,
                       kContinuation = 0x5d, kArray = 0x5e, kStruct = 0x5f, kFunction = 0x60, kShared = 0x65,
                       kExact = 0x62, kRefNull = 0x63, kRef = 0x64;

class TypeReader {
public:
  TypeReader(ByteSpan file, const Section& section) : cursor_(file, section.begin, section.end) {}

  Result<TypeSection> read() {
    const std::uint32_t entries = cursor_.u32("the number of types");
    for (std::uint32_t i = 0; i < entries && !cursor_.failed() && !gave_up_; ++i) read_entry();
    if (cursor_.failed()) return cursor_.error();
    return std::move(section_);
  }

private:
  /// A count of items of at least `least_bytes` each.
  std::uint32_t count(const char* what, std::uint64_t least_bytes) {
    const std::uint64_t at = cursor_.position();
    const std::uint32_t value = cursor_.u32(what);
    if (!cursor_.failed() && value > cursor_.remaining() / least_bytes) {
      cursor_.fail(at, fmt::format("{} is {}, but only {} bytes are left in the type section", what, value,
                                   cursor_.remaining()));
      return 0;
    }
    return value;
  }

  void read_entry() {
    const std::uint8_t lead = cursor_.byte("a type");
    if (lead != kRecGroup) return read_sub_type(lead, false);
    const std::uint32_t members = count("the number of types in a recursion group", 2);
    for (std::uint32_t i = 0; i < members && !cursor_.failed() && !gave_up_; ++i) {
      read_sub_type(cursor_.byte("a type"), true);
    }
  }

  void read_sub_type(std::uint8_t lead, bool in_group) {
    FunctionType type{.is_open = in_group};
    if (lead == kSub || lead == kSubFinal) {
      type.is_open = true;
      const std::uint32_t supertypes = count("the number of supertypes", 1);
      for (std::uint32_t i = 0; i < supertypes && !cursor_.failed(); ++i) cursor_.u32("a supertype");
      lead = cursor_.byte("a type");
    }
    while (lead == kShared || lead == kDescribes || lead == kDescriptor) {
      type.is_open = true;
      if (lead != kShared) cursor_.u32("a type index");
      lead = cursor_.byte("a type");
      if (cursor_.failed()) return;
    }
    read_composite_type(lead, type);
    section_.types.push_back(type);
  }

  void read_composite_type(std::uint8_t lead, FunctionType& type) {
    switch (lead) {
      case kFunction: {
        type.is_function = true;
        std::vector<std::int64_t> shape;
        type.params = read_value_types("the number of parameters", type, shape);
        shape.push_back(0);
        type.results = read_value_types("the number of results", type, shape);
        type.identity = identities_.try_emplace(shape, static_cast<std::uint32_t>(identities_.size())).first->second;
        break;
      }
      case kStruct: {
        section_.has_objects = true;
        const std::uint32_t fields = count("the number of fields", 2);
        for (std::uint32_t i = 0; i < fields && !cursor_.failed(); ++i) read_field();
        break;
      }
      case kArray:
        section_.has_objects = true;
        read_field();
        break;
      case kContinuation: cursor_.s33("a type index"); break;
      default: gave_up_ = true;  // Binaryen says what is wrong with it
    }
  }

  std::uint32_t read_value_types(const char* what, FunctionType& type, std::vector<std::int64_t>& shape) {
    const std::uint32_t types = count(what, 1);
    for (std::uint32_t i = 0; i < types && !cursor_.failed(); ++i) {
      const std::uint8_t lead = read_value_type();
      shape.push_back(lead);
      if (lead == kRef || lead == kRefNull) type.is_open = true;
    }
    return types;
  }

  void read_field() {
    read_value_type();
    cursor_.byte("a field's mutability");
  }

  /// Reads a value type and returns its lead byte.
  std::uint8_t read_value_type() {
    const std::uint8_t lead = cursor_.byte("a value type");
    if (lead != kRef && lead != kRefNull) return lead;
    std::uint64_t before = cursor_.position();
    std::int64_t heap_type = cursor_.s33("a heap type");
    // Prefixes in front of a heap type read as negative numbers of one byte.
    while (!cursor_.failed() && cursor_.position() == before + 1 &&
           (heap_type == kExact - 0x80 || heap_type == kShared - 0x80)) {
      before = cursor_.position();
      heap_type = cursor_.s33("a heap type");
    }
    return lead;
  }

  ByteCursor cursor_;
  TypeSection section_;
  std::map<std::vector<std::int64_t>, std::uint32_t> identities_;
  bool gave_up_ = false;
};

void skip_reference_type(ByteCursor& cursor) {
  const std::uint8_t lead = cursor.byte("a type");
  if (lead != kRef && lead != kRefNull) return;
  // (ref exact $t) of the custom descriptors proposal: another index behind the mark.
  constexpr std::int64_t kExactType = kExact - 0x80;
  if (cursor.s33("a heap type") == kExactType) cursor.u32("a type index");
}

/// Kinds of imports (core specification, 5.5.5); anything else is a proposal's, and ends the walk.
bool read_import(ByteCursor& cursor, std::vector<std::uint32_t>& functions, std::uint32_t& globals) {
  constexpr std::uint8_t kFunctionImport = 0, kTableImport = 1, kMemoryImport = 2, kGlobalImport = 3, kTagImport = 4;
  cursor.name("an import's module");
  cursor.name("an import's name");
  switch (cursor.byte("an import's kind")) {
    case kFunctionImport: functions.push_back(cursor.u32("a type index")); break;
    case kTableImport:
      skip_reference_type(cursor);
      skip_limits(cursor);
      break;
    case kMemoryImport: skip_limits(cursor); break;
    case kGlobalImport:
      skip_reference_type(cursor);
      cursor.byte("a global's mutability");
      ++globals;
      break;
    case kTagImport:
      cursor.byte("a tag's attribute");
      cursor.u32("a type index");
      break;
    default: return false;
  }
  return !cursor.failed();
}

/// The type indices of the imported functions, and how many globals are imported; false where the walk ends early.
bool read_imports(ByteSpan file, const SectionMap& map, std::vector<std::uint32_t>& functions, std::uint32_t& globals) {
  const Section* imports = map.find(SectionId::import);
  if (imports == nullptr) return true;
  ByteCursor cursor(file, imports->begin, imports->end);
  cursor.u32("the number of imports");
  for (std::uint32_t i = 0; i < imports->count; ++i) {
    if (!read_import(cursor, functions, globals)) return false;
  }
  return true;
}

}  // namespace

void skip_limits(ByteCursor& cursor) {
  constexpr std::uint32_t kHasMaximum = 1, kHasPageSize = 8;
  const std::uint32_t flags = cursor.u32("limits");
  cursor.u64("a minimum");
  if ((flags & kHasMaximum) != 0) cursor.u64("a maximum");
  if ((flags & kHasPageSize) != 0) cursor.u32("a page size");
}

Result<TypeSection> read_type_section(ByteSpan file, const SectionMap& map) {
  const Section* section = map.find(SectionId::type);
  if (section == nullptr) return TypeSection{};
  return TypeReader(file, *section).read();
}

std::optional<std::uint32_t> count_imported_globals(ByteSpan file, const SectionMap& map) {
  std::vector<std::uint32_t> functions;
  std::uint32_t globals = 0;
  if (!read_imports(file, map, functions, globals)) return std::nullopt;
  return globals;
}

std::vector<std::uint32_t> read_function_types(ByteSpan file, const SectionMap& map) {
  std::vector<std::uint32_t> types;
  std::uint32_t globals = 0;
  if (!read_imports(file, map, types, globals)) return {};
  if (const Section* functions = map.find(SectionId::function)) {
    ByteCursor cursor(file, functions->begin, functions->end);
    cursor.u32("the number of functions");
    for (std::uint32_t i = 0; i < functions->count; ++i) types.push_back(cursor.u32("a type index"));
    if (cursor.failed()) return {};
  }
  return types;
}

bool may_reach(const FunctionType& site, const FunctionType& function) {
  if (!function.is_function) return false;
  if (site.is_open || function.is_open) return site.params == function.params && site.results == function.results;
  return site.identity == function.identity;
}

}  // namespace wml
