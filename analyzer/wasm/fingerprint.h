#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace wml {

/// What of a function allocators are recognised by: constants that stay when names are stripped and code is optimised,
/// and two instructions. One bit each; docs/allocators.md says which allocator has which, and how that was checked.
enum Mark : std::uint32_t {
  kMark1431655768 = 1U << 0,  // dlmalloc (C): its magic number
  kMark4095 = 1U << 1,        // dlmalloc (Rust) ...
  kMark245 = 1U << 2,
  kMark256 = 1U << 3,
  kMark65583 = 1U << 4,
  kMark65536 = 1U << 5,
  kMarkMinus65536 = 1U << 6,
  kMark65543 = 1U << 7,  // wee_alloc: a header of 8 bytes, rounded to pages
  kMark16384 = 1U << 8,
  kMark110 = 1U << 9,  // emmalloc: its buckets
  kMark71 = 1U << 10,
  kMark63 = 1U << 11,
  kMark29 = 1U << 12,
  kMark30 = 1U << 13,
  kMarkMinus57 = 1U << 14,
  kMark536870910 = 1U << 15,   // AssemblyScript TLSF: its largest block, halved
  kMark536870904 = 1U << 16,   // the same before AssemblyScript 0.20
  kMark1073741804 = 1U << 17,  // AssemblyScript: its largest block
  kMark1073741820 = 1U << 18,
  kMark1073741808 = 1U << 19,
  kMark65535 = 1U << 20,  // Zig
  kMark65539 = 1U << 21,
  kMarkClz = 1U << 22,  // i32.clz
  kMarkMemorySize = 1U << 23,
  kMarkGrowsByItsSize = 1U << 24,  // memory.grow(memory.size)
};

/// The constants that have a mark.
inline constexpr std::array<std::pair<std::int32_t, std::uint32_t>, 22> kMarkedConstants{{
    {1431655768, kMark1431655768},
    {4095, kMark4095},
    {245, kMark245},
    {256, kMark256},
    {65583, kMark65583},
    {65536, kMark65536},
    {-65536, kMarkMinus65536},
    {65543, kMark65543},
    {16384, kMark16384},
    {110, kMark110},
    {71, kMark71},
    {63, kMark63},
    {29, kMark29},
    {30, kMark30},
    {-57, kMarkMinus57},
    {536870910, kMark536870910},
    {536870904, kMark536870904},
    {1073741804, kMark1073741804},
    {1073741820, kMark1073741820},
    {1073741808, kMark1073741808},
    {65535, kMark65535},
    {65539, kMark65539},
}};

/// The same by their hashes, which all differ: every constant of a module is looked up.
class MarkTable {
public:
  constexpr MarkTable() {
    for (factor_ = 0x9e3779b1; !fill();) factor_ += 2;
  }
  constexpr std::uint32_t mark_of(std::int64_t value) const {
    const auto& [constant, mark] = slots_[slot(value)];
    return constant == value ? mark : 0;
  }

private:
  constexpr std::size_t slot(std::int64_t value) const { return (static_cast<std::uint32_t>(value) * factor_) >> 25; }
  constexpr bool fill() {
    slots_ = {};
    for (const auto& [constant, mark] : kMarkedConstants) {
      auto& at = slots_[slot(constant)];
      if (at.second != 0) return false;
      at = {constant, mark};
    }
    return true;
  }

  std::uint32_t factor_ = 0;
  std::array<std::pair<std::int32_t, std::uint32_t>, 128> slots_{};
};
inline constexpr MarkTable kMarkTable;

/// The mark of a constant, or 0.
constexpr std::uint32_t mark_of_constant(std::int64_t value) { return kMarkTable.mark_of(value); }

}  // namespace wml
