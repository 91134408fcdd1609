#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace wml {

/// What was measured while the module ran (docs/profile.md): the highest value over all runs. A measurement is no
/// proof: another run may need more.
struct ProfileFacts {
  std::size_t runs = 0;
  std::optional<std::uint64_t>
      stack_peak_bytes;                     ///< how far the stack pointer, or what is written, went below its start
  std::optional<std::uint64_t> peak_pages;  ///< of 64 KiB, all memories together
};

}  // namespace wml
