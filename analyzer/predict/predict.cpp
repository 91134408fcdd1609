#include "analyzer/predict/predict.h"

#include <algorithm>
#include <vector>

namespace wml {
namespace {

/// Bytes that are in at least one of the claims.
std::uint64_t united_bytes(std::vector<Claim> claims) {
  std::ranges::sort(claims, {}, &Claim::low);
  std::uint64_t total = 0;
  std::uint64_t counted_to = 0;
  for (const Claim& claim : claims) {
    const std::uint64_t low = std::max(claim.low, counted_to);
    if (claim.high <= low) continue;
    total += claim.high - low;
    counted_to = claim.high;
  }
  return total;
}

bool is_certain(const Finding& finding) {
  return finding.saving && finding.saving->low_bytes == finding.saving->high_bytes;
}

}  // namespace

Prediction predict(const ModuleFacts& module, const Estimate& estimate, std::span<const Finding> findings) {
  std::vector<Claim> certain, possible, file;
  for (const Finding& finding : findings) {
    for (const Claim& claim : finding.claims) {
      if (claim.space == Space::file) {
        file.push_back(claim);
        continue;
      }
      possible.push_back(claim);
      if (is_certain(finding)) certain.push_back(claim);
    }
  }
  const std::uint64_t memory_bytes = module.memories.empty() ? 0 : module.memories.front().minimum_bytes();
  const std::uint64_t other_pages = estimate.minimum_pages - pages_for(memory_bytes);
  const auto pages_without = [&](const std::vector<Claim>& claims) {
    return other_pages + pages_for(memory_bytes - std::min(memory_bytes, united_bytes(claims)));
  };
  return {pages_without(certain), pages_without(possible), united_bytes(file)};
}

}  // namespace wml
