#include "analyzer/wasm/body_scan.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "analyzer/wasm/beside.h"
#include "analyzer/wasm/body_scanner.h"

namespace wml {

std::vector<BodySummary> scan_bodies(ByteSpan file, const SectionMap& map, const ScanInput& input, unsigned threads) {
  const Section* code = map.find(SectionId::code);
  if (code == nullptr) return {};
  std::vector<BodySummary> bodies(map.bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    bodies[i].file_offset = map.bodies[i].low;
    bodies[i].bytes = map.bodies[i].high - map.bodies[i].low;
  }

  // Small batches that each thread takes as it gets free: bodies differ in size by orders of magnitude.
  constexpr std::size_t kBatch = 64;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    BodyScanner scanner(file, input);
    for (std::size_t begin = next.fetch_add(kBatch); begin < bodies.size(); begin = next.fetch_add(kBatch)) {
      const std::size_t end = std::min(begin + kBatch, bodies.size());
      for (std::size_t i = begin; i < end; ++i) {
        scanner.scan(input.imported_functions + static_cast<std::uint32_t>(i), bodies[i]);
      }
    }
  };
  const std::uint64_t useful = 1 + (code->end - code->begin) / kBytesWorthAThread;
  if (threads == 0 && useful > 1) threads = std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::uint64_t>(std::max(1U, threads), useful));
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  return bodies;
}

}  // namespace wml
