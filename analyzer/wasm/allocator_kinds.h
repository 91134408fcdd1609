#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/model/module_facts.h"

namespace wml {

/// What is known of an allocator: docs/allocators.md has the source of each row.
struct Allocator {
  std::string_view name;
  GrowthPolicy policy;
  std::optional<std::uint64_t> step_pages;
  std::optional<bool> uses_initial_slack;
  GrowthModel model = GrowthModel::unknown;
  std::optional<std::uint64_t> state_bytes = std::nullopt;  ///< of its variables in data and bss, without threads
};

inline constexpr Allocator kDlmalloc{"dlmalloc", GrowthPolicy::exact, 1, true, GrowthModel::dlmalloc, 496};
inline constexpr Allocator kDlmallocEmscripten{
    "dlmalloc (Emscripten)", GrowthPolicy::host, std::nullopt, true, GrowthModel::dlmalloc_sbrk, 496};
// Releases before 0.2.13 leave the slack unused; later ones use it where the first request fits into it in whole pages.
// The model is that of the earlier ones: the later ones take no more.
inline constexpr Allocator kDlmallocRust{"dlmalloc (Rust)", GrowthPolicy::whole_request, 1,
                                         std::nullopt,      GrowthModel::dlmalloc_rust,  452};
inline constexpr Allocator kEmmalloc{"emmalloc", GrowthPolicy::exact, 1, true, GrowthModel::emmalloc, 1036};
inline constexpr Allocator kMimalloc{"mimalloc", GrowthPolicy::at_least_step, std::nullopt, std::nullopt};
inline constexpr Allocator kWee{"wee_alloc", GrowthPolicy::whole_request, 1, false};
inline constexpr Allocator kTalc{"talc", GrowthPolicy::whole_request, 1, std::nullopt};
inline constexpr Allocator kLol{"lol_alloc", GrowthPolicy::whole_request, 1, std::nullopt};
inline constexpr Allocator kZig{"Zig WasmAllocator", GrowthPolicy::at_least_step, 1, false, GrowthModel::zig};
inline constexpr Allocator kTinyGo{"TinyGo GC", GrowthPolicy::doubling, std::nullopt, true};
inline constexpr Allocator kGo{"Go runtime", GrowthPolicy::at_least_step, 64, std::nullopt};
inline constexpr Allocator kTlsf{"AssemblyScript TLSF", GrowthPolicy::doubling, std::nullopt, true, GrowthModel::tlsf};
inline constexpr Allocator kAsStub{"AssemblyScript stub", GrowthPolicy::doubling, std::nullopt, true,
                                   GrowthModel::bump_doubling};

}  // namespace wml
