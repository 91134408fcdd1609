#pragma once

#include <string>

#include "analyzer/result.h"
#include "analyzer/wasm/byte_cursor.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Reads the core module at [begin, end) of a file into facts. Errors carry the offset in the file.
Result<ModuleFacts> read_module(std::string path, ByteSpan file, std::uint64_t begin, std::uint64_t end);

}  // namespace wml
