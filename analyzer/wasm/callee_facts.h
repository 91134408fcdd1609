#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/wasm/body_scan.h"

// What callers may rely on of the functions that they call, once all bodies were seen. By function, imported ones
// first.

namespace wml {

/// Functions that return their first argument, as memcpy does: themselves, or by returning what another one returns
/// that does. Those that only ever return each other's results never return at all.
std::vector<bool> functions_returning_first(const std::vector<BodySummary>& bodies, std::uint32_t imported);

/// Functions that an exception may leave. Each does that has an instruction that throws, or calls what may: imported
/// functions, what tables and references hold, and functions that do. That it may catch what is thrown is not looked
/// into.
std::vector<bool> functions_that_may_throw(const std::vector<BodySummary>& bodies, std::uint32_t imported);

}  // namespace wml
