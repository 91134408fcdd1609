#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/model/growth_model.h"
#include "rules/model/heap_facts.h"

namespace wml {

/// The 32-bit memory that an allocator begins with. Pages are of 64 KiB.
struct HeapStart {
  std::uint64_t pages = 0;
  std::optional<std::uint64_t> heap_base;  ///< address where the heap may begin
  std::uint64_t maximum_pages = 65536;
  bool host_grows = false;  ///< by Emscripten's default: a fifth more, at most 96 MiB over what is needed
};

/// Pages after each of `requests` (bytes), made in this order, none given back, while nobody else grows the memory. A
/// request that the maximum refuses changes nothing. Nothing where the model is unknown or needs the heap base.
std::optional<std::vector<std::uint64_t>> pages_after(GrowthModel model, const HeapStart& start,
                                                      std::span<const std::uint64_t> requests);

/// No order of these requests, whatever is given back between them, takes more pages. Nothing where that is not known:
/// for AssemblyScript's and Zig's allocators, and where the host would have to grow memory, which may add more.
std::optional<std::uint64_t> most_pages(GrowthModel model, const HeapStart& start,
                                        std::span<const HeapRequest> requests);

}  // namespace wml
