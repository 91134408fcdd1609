#pragma once

#include <cstdint>

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

/// The mark of a constant, or 0.
constexpr std::uint32_t mark_of_constant(std::int64_t value) {
  switch (value) {
    case 1431655768: return kMark1431655768;
    case 4095: return kMark4095;
    case 245: return kMark245;
    case 256: return kMark256;
    case 65583: return kMark65583;
    case 65536: return kMark65536;
    case -65536: return kMarkMinus65536;
    case 65543: return kMark65543;
    case 16384: return kMark16384;
    case 110: return kMark110;
    case 71: return kMark71;
    case 63: return kMark63;
    case 29: return kMark29;
    case 30: return kMark30;
    case -57: return kMarkMinus57;
    case 536870910: return kMark536870910;
    case 536870904: return kMark536870904;
    case 1073741804: return kMark1073741804;
    case 1073741820: return kMark1073741820;
    case 1073741808: return kMark1073741808;
    case 65535: return kMark65535;
    case 65539: return kMark65539;
    default: return 0;
  }
}

}  // namespace wml
