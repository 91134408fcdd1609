#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/model/estimate.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Runtimes whose resident memory was measured: docs/prediction.md has the figures, the versions and the date.
enum class Runtime { wasmedge, wasm3, iwasm, node };

std::optional<Runtime> runtime_named(std::string_view name);
std::string_view to_string(Runtime runtime);
/// "WasmEdge 0.16, interpreter".
std::string_view measured_version(Runtime runtime);

/// The resident memory of a process that has just instantiated the module, in bytes. An estimate by a linear model.
struct Resident {
  Runtime runtime = Runtime::wasmedge;
  std::uint64_t base_bytes = 0;    ///< the runtime itself
  std::uint64_t memory_bytes = 0;  ///< linear memory: touched pages, and what untouched ones cost
  std::uint64_t code_bytes = 0;    ///< what the runtime makes of the code section
  std::uint64_t data_bytes = 0;    ///< data segments held beside their copy
  std::uint64_t custom_bytes = 0;  ///< custom sections: names, debug information
  std::uint64_t total() const { return base_bytes + memory_bytes + code_bytes + data_bytes + custom_bytes; }
};

Resident estimate_resident(const ModuleFacts& module, const Estimate& estimate, Runtime runtime);

}  // namespace wml
