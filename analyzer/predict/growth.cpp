#include "analyzer/predict/growth.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "rules/model/pages.h"

// The models were read from the allocators' sources and are held to runs by tests/allocators/test_growth.py, which runs
// this code. Names of constants are those of the sources.

namespace wml {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 32;
constexpr std::uint64_t kMib = std::uint64_t{1} << 20;

/// The memory while an allocator grows it.
struct Memory {
  std::uint64_t pages;
  std::uint64_t maximum;
  bool host_grows;

  std::uint64_t bytes() const { return pages * kPageBytes; }

  bool add(std::uint64_t more) {
    if (more > maximum || pages + more > maximum) return false;
    pages += more;
    return true;
  }

  /// Makes memory reach `end`, as sbrk does.
  bool reach(std::uint64_t end) {
    if (end <= bytes()) return true;
    if (end > maximum * kPageBytes) return false;
    std::uint64_t size = end;
    if (host_grows) {
      const auto fifth_more = static_cast<std::uint64_t>(static_cast<double>(bytes()) * 1.2);
      size = std::min(std::max(end, std::min(fifth_more, end + 96 * kMib)), maximum * kPageBytes);
    }
    pages = pages_for(size);
    return true;
  }
};

/// dlmalloc's chunks: a head of 4 bytes, sizes in steps of `align`, and a foot that the top chunk keeps for itself.
struct DlmallocLayout {
  std::uint64_t align;
  std::uint64_t foot;  // TOP_FOOT_SIZE

  std::uint64_t chunk(std::uint64_t request) const { return std::max<std::uint64_t>(16, align_up(request + 4, align)); }
};

constexpr DlmallocLayout kWasiLayout{16, 56};
constexpr DlmallocLayout kEmscriptenLayout{8, 40};
constexpr DlmallocLayout kRustLayout{8, 40};

using Requests = std::span<const std::uint64_t>;
using Pages = std::vector<std::uint64_t>;

/// A model sees each request that a 32-bit memory could serve.
template <class Take>
Pages run(Memory& memory, Requests requests, Take take) {
  Pages pages;
  pages.reserve(requests.size());
  for (const std::uint64_t request : requests) {
    if (request < kMostBytes) take(request);
    pages.push_back(memory.pages);
  }
  return pages;
}

/// The top chunk begins with the initial memory above the heap base, and grows by what it lacks (sys_alloc).
Pages run_dlmalloc(Memory memory, std::uint64_t heap_base, Requests requests) {
  std::uint64_t top = align_up(heap_base, 16) + 8;
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t need = kWasiLayout.chunk(request);
    const std::uint64_t used = top + kWasiLayout.foot;
    const std::uint64_t free = memory.bytes() > used ? memory.bytes() - used : 0;
    if (need >= free && !memory.add(pages_for(need - std::min(free, need) + kWasiLayout.foot + kWasiLayout.align)))
      return;
    top += need;
  });
}

/// Asks for the whole request, whatever the top chunk still has.
Pages run_dlmalloc_rust(Memory memory, Requests requests) {
  std::uint64_t top = memory.bytes();
  bool begun = false;
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t need = kRustLayout.chunk(request);
    const std::uint64_t used = top + kRustLayout.foot;
    const std::uint64_t free = begun && memory.bytes() > used ? memory.bytes() - used : 0;
    if (need >= free && !memory.add(pages_for(need + kRustLayout.foot + kRustLayout.align))) return;
    begun = true;
    top += need;
  });
}

/// sbrk moves in steps of 64 KiB that start at the heap base; the first is made to end at a multiple of 16 KiB.
Pages run_dlmalloc_sbrk(Memory memory, std::uint64_t heap_base, Requests requests) {
  constexpr std::uint64_t kFirstStep = 16384;
  std::uint64_t top = align_up(heap_base, 8);
  std::uint64_t end = top;
  bool begun = false;
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t need = kEmscriptenLayout.chunk(request);
    const std::uint64_t used = top + kEmscriptenLayout.foot;
    const std::uint64_t free = end > used ? end - used : 0;
    if (need >= free) {
      std::uint64_t wanted = end + align_up(need - free + kEmscriptenLayout.foot + kEmscriptenLayout.align, kPageBytes);
      if (!begun) wanted += align_up(end, kFirstStep) - end;
      if (!memory.reach(wanted)) return;
      end = wanted;
      begun = true;
    }
    top += need;
  });
}

/// 8 bytes for each block, sizes in steps of 4; sbrk moves by the request and three heads of regions when the free
/// region at the end is too small. 16 bytes at the end are a sentinel.
Pages run_emmalloc(Memory memory, std::uint64_t heap_base, Requests requests) {
  constexpr std::uint64_t kSentinel = 16, kHeads = 48, kSmallestRest = 16 + 8;
  std::uint64_t at = align_up(heap_base, 8) + kSentinel;  // the free region, heads included
  std::uint64_t end = at + kSentinel + 16;
  std::uint64_t free = 16;
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t size = std::max<std::uint64_t>(8, align_up(request, 4));
    for (int attempt = 0; attempt < 2; ++attempt) {
      const std::uint64_t block = align_up(at + 4, 8);
      const std::uint64_t shift = block - (at + 4);
      if (free > 0 && block + size <= at + free - 4) {
        if (free - shift >= kSmallestRest + size) {
          at += shift + size + 8;
          free -= shift + size + 8;
        } else {
          at = end - kSentinel;
          free = 0;
        }
        return;
      }
      const std::uint64_t more = size + kHeads;
      if (!memory.reach(end + more)) return;
      if (free == 0) at = end - kSentinel;
      free += more;
      end += more;
    }
  });
}

/// AssemblyScript asks for as many pages as there are, or for those that are needed where that is more or too much.
bool double_or(Memory& memory, std::uint64_t needed) {
  return memory.add(std::max(memory.pages, needed)) || memory.add(needed);
}

/// 4 bytes before each block, in steps of 16.
Pages run_bump_doubling(Memory memory, std::uint64_t heap_base, Requests requests) {
  std::uint64_t at = align_up(heap_base + 4, 16) - 4;
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t end = at + align_up(request + 4, 16);
    if (end > memory.bytes() && !double_or(memory, pages_for(end - memory.bytes()))) return;
    at = end;
  });
}

/// The list of free blocks that a size belongs to: first and second level.
std::array<std::uint64_t, 2> tlsf_class(std::uint64_t size) {
  constexpr std::uint64_t kSmall = 256;
  if (size < kSmall) return {0, size >> 4};
  const auto log = static_cast<std::uint64_t>(std::bit_width(size) - 1);
  return {log - 7, (size >> (log - 4)) ^ 16};
}

/// 4 bytes before each block, in steps of 16. A request is rounded up to the next of 16 steps of its power of two, and
/// only a free block of at least that class is taken. Without blocks given back there is one free block, at the end.
Pages run_tlsf(Memory memory, std::uint64_t heap_base, Requests requests) {
  constexpr std::uint64_t kRoot = 1572, kHead = 4, kSmallest = 12, kSmall = 256;
  std::uint64_t at = align_up(align_up(heap_base, 16) + kRoot + kHead, 16) - kHead;
  const auto rest = [&] { return memory.bytes() > at + 2 * kHead ? memory.bytes() - 2 * kHead - at : 0; };
  std::uint64_t free = rest();
  if (free < kSmallest) free = 0;
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t need = request <= kSmallest ? kSmallest : align_up(request + kHead, 16) - kHead;
    const std::uint64_t rounded = need < kSmall ? need : need + (std::bit_floor(need) >> 4) - 1;
    if (free == 0 || tlsf_class(free) < tlsf_class(rounded)) {
      const std::uint64_t tail = memory.bytes() - kHead;
      if (!double_or(memory, pages_for(rounded + kHead))) return;
      if (free == 0) at = tail;
      free = rest();
    }
    if (free - need >= kHead + kSmallest) {
      at += kHead + need;
      free -= need + kHead;
    } else {
      at = memory.bytes() - kHead;
      free = 0;
    }
  });
}

/// Blocks are powers of two. Up to half a page each size has pages of its own, above it takes a power of two of pages.
Pages run_zig(Memory memory, Requests requests) {
  std::array<std::uint64_t, 32> rest{};  // bytes left in the page of a size, by the size's logarithm
  return run(memory, requests, [&](std::uint64_t request) {
    const std::uint64_t slot = std::bit_ceil(std::max<std::uint64_t>(4, request + 4));
    if (slot > kPageBytes / 2) {
      memory.add(std::bit_ceil(pages_for(request + 8)));
      return;
    }
    std::uint64_t& left = rest[static_cast<std::size_t>(std::countr_zero(slot))];
    if (left == 0) {
      if (!memory.add(1)) return;
      left = kPageBytes;
    }
    left -= slot;
  });
}

/// Bytes that all requests take together, and those of the largest, each as `one` counts it.
struct Sum {
  std::uint64_t all = 0;
  std::uint64_t largest = 0;
};

template <class One>
Sum sum_of(std::span<const HeapRequest> requests, One one) {
  Sum sum;
  for (const HeapRequest& request : requests) {
    if (request.count == 0) continue;
    // One that no memory can serve is refused, and takes nothing.
    if (request.bytes >= kMostBytes) continue;
    sum.all = saturating_add(sum.all, saturating_multiply(one(request.bytes), request.count));
    sum.largest = std::max(sum.largest, one(request.bytes));
  }
  return sum;
}

/// The address that the heap's end cannot pass. A top chunk ends where all requests would end, side by side, and is
/// followed by its foot and by what rounding left; giving back only makes room below.
std::optional<std::uint64_t> highest_end(GrowthModel model, const HeapStart& start,
                                         std::span<const HeapRequest> requests) {
  const std::uint64_t memory_end = saturating_multiply(start.pages, kPageBytes);
  // wasm-ld gives a module no less memory than what lies below its heap base.
  const std::uint64_t base = std::min(start.heap_base.value_or(memory_end), memory_end);
  switch (model) {
    case GrowthModel::dlmalloc: {
      const Sum sum = sum_of(requests, [](std::uint64_t bytes) { return kWasiLayout.chunk(bytes); });
      return saturating_add(sum.all, base + 16 + 2 * kWasiLayout.foot + kWasiLayout.align);
    }
    case GrowthModel::dlmalloc_sbrk: {
      // Counted in the larger steps of newer releases. A step is rounded to a page, the first twice.
      const Sum sum = sum_of(requests, [](std::uint64_t bytes) { return kWasiLayout.chunk(bytes); });
      return saturating_add(sum.all, base + 16 + 2 * kWasiLayout.foot + kWasiLayout.align + 2 * kPageBytes);
    }
    case GrowthModel::dlmalloc_rust: {
      // What is free after a growth is no more than what was asked for then.
      const Sum sum = sum_of(requests, [](std::uint64_t bytes) { return kRustLayout.chunk(bytes); });
      const std::uint64_t step = align_up(sum.largest + kRustLayout.foot + kRustLayout.align, kPageBytes);
      return saturating_add(sum.all, memory_end + kRustLayout.foot + step);
    }
    case GrowthModel::emmalloc: {
      // The same, and newer releases round a step to pages. 64: heads, alignment and what is asked for beside.
      const Sum sum = sum_of(requests, [](std::uint64_t bytes) { return align_up(bytes, 8) + 64; });
      return saturating_add(sum.all, base + 64 + sum.largest + kPageBytes);
    }
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<std::vector<std::uint64_t>> pages_after(GrowthModel model, const HeapStart& start, Requests requests) {
  const Memory memory{start.pages, start.maximum_pages, start.host_grows};
  if (model == GrowthModel::dlmalloc_rust) return run_dlmalloc_rust(memory, requests);
  if (model == GrowthModel::zig) return run_zig(memory, requests);
  if (!start.heap_base || *start.heap_base >= kMostBytes) return std::nullopt;
  switch (model) {
    case GrowthModel::dlmalloc: return run_dlmalloc(memory, *start.heap_base, requests);
    case GrowthModel::dlmalloc_sbrk: return run_dlmalloc_sbrk(memory, *start.heap_base, requests);
    case GrowthModel::emmalloc: return run_emmalloc(memory, *start.heap_base, requests);
    case GrowthModel::tlsf: return run_tlsf(memory, *start.heap_base, requests);
    case GrowthModel::bump_doubling: return run_bump_doubling(memory, *start.heap_base, requests);
    default: return std::nullopt;
  }
}

std::optional<std::uint64_t> most_pages(GrowthModel model, const HeapStart& start,
                                        std::span<const HeapRequest> requests) {
  const bool asks = std::ranges::any_of(requests, [](const HeapRequest& request) { return request.count > 0; });
  if (!asks) return start.pages;
  const auto end = highest_end(model, start, requests);
  if (!end) return std::nullopt;
  const std::uint64_t pages = std::max(start.pages, pages_for(*end));
  if (pages > start.pages && start.host_grows) return std::nullopt;
  return std::min(pages, std::max(start.pages, start.maximum_pages));
}

}  // namespace wml
