#include "analyzer/report/text_map.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/model/quantity.h"

namespace wml {
namespace {

constexpr std::uint64_t kCells = 64;

char letter(RegionKind kind) {
  switch (kind) {
    case RegionKind::reserved: return '-';
    case RegionKind::stack: return 'S';
    case RegionKind::data: return 'D';
    case RegionKind::bss: return 'B';
    case RegionKind::stack_or_bss: return 'x';
    case RegionKind::static_or_heap: return '?';
    case RegionKind::heap: return '.';
    case RegionKind::unknown: return '?';
  }
  return '?';
}

std::string colored(RegionKind kind, std::string_view text, const Paint& paint) {
  switch (kind) {
    case RegionKind::stack:
    case RegionKind::stack_or_bss: return paint.plain_red(text);
    case RegionKind::data: return paint.blue(text);
    case RegionKind::bss: return paint.magenta(text);
    case RegionKind::heap: return paint.cyan(text);
    default: return paint.dim(text);
  }
}

/// The region that takes most of [low, high).
RegionKind dominant(const MemoryMap& map, std::uint64_t low, std::uint64_t high) {
  RegionKind best = RegionKind::unknown;
  std::uint64_t most = 0;
  for (const Region& region : map.regions) {
    const std::uint64_t from = std::max(region.low, low);
    const std::uint64_t to = std::min(region.high, high);
    if (to > from && to - from > most) {
      most = to - from;
      best = region.kind;
    }
  }
  return best;
}

/// A region that dominates no cell takes one of the cells that it lies in, if what is shown there is shown elsewhere
/// too.
void show_small_regions(const MemoryMap& map, std::uint64_t cell_bytes, std::vector<RegionKind>& cells) {
  for (const Region& region : map.regions) {
    if (region.kind == RegionKind::reserved || std::ranges::find(cells, region.kind) != cells.end()) continue;
    for (std::uint64_t cell = region.low / cell_bytes; cell <= (region.high - 1) / cell_bytes && cell < cells.size();
         ++cell) {
      if (std::ranges::count(cells, cells[cell]) < 2) continue;
      cells[cell] = region.kind;
      break;
    }
  }
}

}  // namespace

std::string map_table(const MemoryMap& map, const Paint& paint) {
  if (map.regions.empty()) return {};
  std::string text;
  for (const Region& region : map.regions) {
    const std::uint64_t bytes = region.high - region.low;
    const double pages = static_cast<double>(bytes) / static_cast<double>(kPageBytes);
    text += fmt::format("    {:#010x}  {:>11}  {:>9.2f}  {}  {}\n", region.low, bytes_text(bytes), pages,
                        colored(region.kind, fmt::format("{:<13}", to_string(region.kind)), paint),
                        paint.dim(fmt::format("{}: {}", to_string(region.basis.evidence), region.basis.how)));
  }
  return fmt::format("    {:<10}  {:>11}  {:>9}  {:<13}  {}\n", "address", "size", "pages", "what", "how it is known") +
         text + fmt::format("    {:#010x}  end of the initial memory\n", map.regions.back().high);
}

std::string page_bar(const MemoryMap& map, const Paint& paint) {
  if (map.regions.empty()) return {};
  const std::uint64_t end = map.regions.back().high;
  const std::uint64_t pages = pages_for(end);
  const std::uint64_t pages_per_cell = std::max<std::uint64_t>(1, (pages + kCells - 1) / kCells);
  const std::uint64_t cell_bytes = pages_per_cell * kPageBytes;
  std::vector<RegionKind> cells;
  for (std::uint64_t low = 0; low < end; low += cell_bytes) {
    cells.push_back(dominant(map, low, std::min(end, low + cell_bytes)));
  }
  show_small_regions(map, cell_bytes, cells);
  std::string bar;
  std::vector<RegionKind> shown;
  for (const RegionKind kind : cells) {
    bar += colored(kind, std::string(1, letter(kind)), paint);
    if (std::ranges::find(shown, kind) == shown.end()) shown.push_back(kind);
  }
  std::string legend;
  for (const RegionKind kind : shown) legend += fmt::format("  {} {}", letter(kind), to_string(kind));
  return fmt::format("    [{}]  a cell is {}:{}\n", bar, pages_text(pages_per_cell), legend);
}

}  // namespace wml
