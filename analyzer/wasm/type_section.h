#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/wasm/section_map.h"

namespace wml {

/// How many operands a function type takes and gives, and whether two types are the same.
struct FunctionType {
  bool is_function = false;  ///< false: a struct, array or continuation
  std::uint32_t params = 0;
  std::uint32_t results = 0;
  std::uint32_t identity = 0;  ///< equal types have equal identities, unless `is_open`
  bool is_open = false;        ///< refers to other types or has subtypes: only its counts can be compared
};

/// What the type section tells here. One entry per type index.
struct TypeSection {
  std::vector<FunctionType> types;
  bool has_objects = false;  ///< struct or array types: objects live in the engine's heap, not in linear memory
};

/// Walks the type section and checks that every count in it is possible for the bytes that are left: Binaryen
/// allocates by these counts before it reads on.
Result<TypeSection> read_type_section(ByteSpan file, const SectionMap& map);

/// The type index of every function, imported ones first. Shorter than the functions where the import section cannot
/// be followed: what has no type is treated as unknown.
std::vector<std::uint32_t> read_function_types(ByteSpan file, const SectionMap& map);

/// How many globals are imported; nothing where the import section cannot be followed.
std::optional<std::uint32_t> count_imported_globals(ByteSpan file, const SectionMap& map);

/// Reads past the limits of a memory or a table.
void skip_limits(ByteCursor& cursor);

/// Whether a call through a table or a reference with type `site` may reach a function of type `function`.
bool may_reach(const FunctionType& site, const FunctionType& function);

}  // namespace wml
