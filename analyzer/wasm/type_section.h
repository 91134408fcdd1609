#pragma once

#include "analyzer/wasm/section_map.h"

namespace wml {

/// What the type section tells here.
struct TypeSection {
  bool has_objects = false;  ///< struct or array types: objects live in the engine's heap, not in linear memory
};

/// Walks the type section and checks that every count in it is possible for the bytes that are left: Binaryen
/// allocates by these counts before it reads on.
Result<TypeSection> read_type_section(ByteSpan file, const SectionMap& map);

}  // namespace wml
