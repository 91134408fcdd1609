#pragma once

#include <string>
#include <vector>

#include "analyzer/result.h"
#include "analyzer/wasm/byte_cursor.h"
#include "analyzer/wasm/recursion_limits.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Reads the core module at [begin, end) of a file into facts. Errors carry the offset in the file. `limits` bound
/// recursion that the module alone does not.
Result<ModuleFacts> read_module(std::string path, ByteSpan file, std::uint64_t begin, std::uint64_t end,
                                const std::vector<RecursionLimit>& limits);

}  // namespace wml
