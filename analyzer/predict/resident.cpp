#include "analyzer/predict/resident.h"

#include <array>
#include <cmath>

namespace wml {
namespace {

/// Fitted on runs over 1 to 40 MiB: KiB for the process and for each page, bytes per byte of the file.
struct Model {
  std::string_view name;
  std::string_view version;
  double base_kib;
  double touched_page_kib;
  double untouched_page_kib;
  double per_custom_byte;
  double per_data_byte;
  double per_code_byte;
};

constexpr std::array<Model, 4> kModels{{
    {"wasmedge", "WasmEdge 0.16, interpreter", 7482, 64.2, 0.3, 3, 4, 33},
    {"wasm3", "wasm3 0.9", 2167, 64.0, 64.0, 1, 2, 2.3},
    {"iwasm", "iwasm 2.4.3, interpreter", 10476, 63.9, 0.5, 1, 2, 6.7},
    {"node", "Node 20", 47098, 65.3, 0.8, 2, 2, 3.2},
}};

const Model& model_of(Runtime runtime) { return kModels[static_cast<std::size_t>(runtime)]; }

std::uint64_t rounded(double bytes) { return static_cast<std::uint64_t>(std::llround(bytes)); }

}  // namespace

std::optional<Runtime> runtime_named(std::string_view name) {
  for (std::size_t i = 0; i < kModels.size(); ++i) {
    if (kModels[i].name == name) return static_cast<Runtime>(i);
  }
  return std::nullopt;
}

std::string_view to_string(Runtime runtime) { return model_of(runtime).name; }
std::string_view measured_version(Runtime runtime) { return model_of(runtime).version; }

Resident estimate_resident(const ModuleFacts& module, const Estimate& estimate, Runtime runtime) {
  const Model& model = model_of(runtime);
  constexpr double kKib = 1024;
  const double touched = static_cast<double>(estimate.touched_at_start_bytes) / static_cast<double>(kPageBytes);
  const double untouched = static_cast<double>(estimate.minimum_pages) - touched;
  double code = 0, data = 0, custom = 0;
  for (const FileRange& range : module.ranges) {
    const auto bytes = static_cast<double>(range.bytes);
    if (range.label == "code") {
      code += bytes;
    } else if (range.label == "data") {
      data += bytes;
    } else if (range.label != "structure") {
      custom += bytes;
    }
  }
  return Resident{
      .runtime = runtime,
      .base_bytes = rounded(model.base_kib * kKib),
      .memory_bytes = rounded((touched * model.touched_page_kib + untouched * model.untouched_page_kib) * kKib),
      .code_bytes = rounded(code * model.per_code_byte),
      .data_bytes = rounded(data * model.per_data_byte),
      .custom_bytes = rounded(custom * model.per_custom_byte)};
}

}  // namespace wml
