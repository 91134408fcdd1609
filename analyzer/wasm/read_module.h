#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/result.h"
#include "analyzer/wasm/body_scan.h"
#include "analyzer/wasm/byte_cursor.h"
#include "analyzer/wasm/recursion_limits.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Reads the core module at [begin, end) of a file into facts. Errors carry the offset in the file. `limits` bound
/// recursion that the module alone does not.
Result<ModuleFacts> read_module(std::string path, ByteSpan file, std::uint64_t begin, std::uint64_t end,
                                const std::vector<RecursionLimit>& limits);

/// The bodies of a whole module as the scan sees them, with another window for constants than the reader's: the
/// differential test compares them with Binaryen's. The module must be one that read_module can read.
std::vector<BodySummary> scan_whole_module(ByteSpan file, std::optional<std::uint32_t> stack_pointer,
                                           std::uint64_t window_low, std::uint64_t window_high);

}  // namespace wml
