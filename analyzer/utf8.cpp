#include "analyzer/utf8.h"

#include <cstdint>
#include <cstring>

namespace wml {

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto between = [](unsigned value, unsigned low, unsigned high) { return value >= low && value <= high; };
  const auto follows = [&](std::size_t i) { return between(byte(i), 0x80, 0xbf); };
  const unsigned lead = byte(0);
  if (at >= text.size()) return 0;
  if (lead < 0x80) return 1;
  if (between(lead, 0xc2, 0xdf)) return follows(1) ? 2 : 0;
  if (between(lead, 0xe0, 0xef))
    return between(byte(1), lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (!between(lead, 0xf0, 0xf4)) return 0;
  const bool second = between(byte(1), lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
  return second && follows(2) && follows(3) ? 4 : 0;
}

bool is_utf8(std::string_view text) {
  constexpr std::size_t kWord = 8;
  for (std::size_t i = 0; i < text.size();) {
    // Nearly all text is ASCII.
    std::uint64_t word = ~std::uint64_t{0};
    if (i + kWord <= text.size()) std::memcpy(&word, &text[i], kWord);
    if ((word & 0x8080808080808080) == 0) {
      i += kWord;
      continue;
    }
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

}  // namespace wml
