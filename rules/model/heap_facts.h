#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// What a module allocates on its heap, as far as its code tells. Sizes are bytes; functions are given by their index.
namespace wml {

/// Why an allocation has no bound.
enum class HeapObstacle {
  unknown_size,
  in_a_loop,  ///< its call, or a call on the way to it
  in_a_recursion,
  through_a_table,  ///< reached by an indirect call, which may be made any number of times
  called_by_host,   ///< reached from an export that the host may call any number of times
};

/// A call of malloc or the like that keeps the heap from having a bound.
struct HeapSite {
  std::uint32_t function = 0;          ///< that allocates
  std::uint32_t callee = 0;            ///< what it calls for that
  std::uint64_t file_offset = 0;       ///< of the call
  std::optional<std::uint64_t> bytes;  ///< of one request, when it is a constant
  HeapObstacle obstacle = HeapObstacle::unknown_size;
};

/// Blocks of one size that are asked for at most `count` times.
struct HeapRequest {
  std::uint64_t bytes = 0;
  std::uint64_t count = 0;
};

/// All requests that can be made from the start on, none given back.
struct HeapDemand {
  std::vector<HeapRequest> requests;   ///< of the sites that have a bound
  std::vector<HeapSite> obstacles;     ///< of those that have none, biggest first
  std::vector<std::uint32_t> growers;  ///< functions that grow memory and can be reached past the allocator
  std::size_t sites = 0;               ///< calls that can be reached, both kinds

  bool proven() const { return obstacles.empty() && growers.empty(); }
  std::uint64_t bytes() const;  ///< of all `requests`
};

constexpr std::string_view to_string(HeapObstacle obstacle) {
  switch (obstacle) {
    case HeapObstacle::unknown_size: return "unknown-size";
    case HeapObstacle::in_a_loop: return "in-a-loop";
    case HeapObstacle::in_a_recursion: return "in-a-recursion";
    case HeapObstacle::through_a_table: return "through-a-table";
    case HeapObstacle::called_by_host: return "called-by-host";
  }
  return "unknown-size";
}

}  // namespace wml
