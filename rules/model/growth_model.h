#pragma once

#include <string_view>

namespace wml {

/// Allocators whose growth is known request by request; analyzer/predict/growth.h computes with it. Each was held to
/// runs (docs/allocators.md).
enum class GrowthModel {
  unknown,
  dlmalloc,       ///< wasi-libc's: owns the initial memory above the heap base, then asks memory.grow
  dlmalloc_sbrk,  ///< Emscripten's: moves sbrk's end, from the heap base on
  dlmalloc_rust,  ///< dlmalloc-rs before 0.2.13: leaves the initial memory unused
  emmalloc,       ///< Emscripten's: moves sbrk's end
  tlsf,           ///< AssemblyScript, runtimes incremental and minimal
  bump_doubling,  ///< AssemblyScript, runtime stub
  zig,            ///< std.heap.WasmAllocator
};

constexpr std::string_view to_string(GrowthModel model) {
  switch (model) {
    case GrowthModel::unknown: return "unknown";
    case GrowthModel::dlmalloc: return "dlmalloc";
    case GrowthModel::dlmalloc_sbrk: return "dlmalloc-sbrk";
    case GrowthModel::dlmalloc_rust: return "dlmalloc-rust";
    case GrowthModel::emmalloc: return "emmalloc";
    case GrowthModel::tlsf: return "tlsf";
    case GrowthModel::bump_doubling: return "bump-doubling";
    case GrowthModel::zig: return "zig";
  }
  return "unknown";
}

}  // namespace wml
