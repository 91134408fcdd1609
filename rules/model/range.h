#pragma once

#include <cstdint>

namespace wml {

/// Two bounds of a number that is not known exactly; equal when it is.
struct Range {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool exact() const { return low == high; }
};

}  // namespace wml
