#include "rules/model/quantity.h"

#include <fmt/format.h>

namespace wml {
namespace {

/// At most two decimals, and none that are zero.
std::string trimmed(double value, const char* unit) {
  std::string digits = value < 10    ? fmt::format("{:.2f}", value)
                       : value < 100 ? fmt::format("{:.1f}", value)
                                     : fmt::format("{:.0f}", value);
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) digits.pop_back();
  }
  return digits + unit;
}

}  // namespace

std::string pages_text(std::uint64_t pages) { return fmt::format("{} page{}", pages, pages == 1 ? "" : "s"); }

std::string bytes_text(std::uint64_t bytes) {
  constexpr double kKi = 1024;
  const auto value = static_cast<double>(bytes);
  if (bytes < 1024) return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
  if (bytes < 1024 * 1024) return trimmed(value / kKi, " KiB");
  if (bytes < 1024ULL * 1024 * 1024) return trimmed(value / kKi / kKi, " MiB");
  return trimmed(value / kKi / kKi / kKi, " GiB");
}

}  // namespace wml
