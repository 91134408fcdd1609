#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/result.h"
#include "analyzer/wasm/byte_cursor.h"

namespace wml {

/// A core module inside a component: [begin, end) of the file.
struct EmbeddedModule {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Whether the file starts with a component's preamble (component model, Binary.md: version 0x0d, layer 1).
bool is_component(ByteSpan file);

/// The core modules that a component embeds, nested components included, in file order.
Result<std::vector<EmbeddedModule>> find_embedded_modules(ByteSpan file);

}  // namespace wml
