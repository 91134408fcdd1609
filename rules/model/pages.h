#pragma once

#include <cstdint>

namespace wml {

/// Bytes in a standard WebAssembly page (core specification, 2.3.11 "Memory Types").
inline constexpr std::uint64_t kPageBytes = 65536;

/// Pages that hold `bytes`, rounded up. `page_bytes` is the memory's page size and never 0.
constexpr std::uint64_t pages_for(std::uint64_t bytes, std::uint64_t page_bytes = kPageBytes) {
  return bytes / page_bytes + (bytes % page_bytes != 0 ? 1 : 0);
}

/// Sums and products that stay at the largest number instead of wrapping: a 64-bit memory may declare 2^48 pages.
constexpr std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > ~std::uint64_t{0} - b ? ~std::uint64_t{0} : a + b;
}
constexpr std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > ~std::uint64_t{0} / b ? ~std::uint64_t{0} : a * b;
}

/// `value` rounded up to a multiple of `alignment`, a power of two.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

}  // namespace wml
