#include "analyzer/report/printable.h"

#include <llvm/Support/ConvertUTF.h>

#include <fmt/format.h>

namespace wml {
namespace {

/// The length of the valid UTF-8 sequence at `at`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto* begin = reinterpret_cast<const llvm::UTF8*>(text.data()) + at;
  const auto* end = reinterpret_cast<const llvm::UTF8*>(text.data()) + text.size();
  const unsigned length = llvm::getNumBytesForUTF8(*begin);
  if (length > text.size() - at) return 0;
  return llvm::isLegalUTF8Sequence(begin, end) != 0 ? length : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80 ? 1 : sequence_length(text, i);
    // C1 control characters are two bytes, 0xc2 0x80 to 0xc2 0x9f; terminals obey them as they obey escape.
    const bool control =
        byte < 0x20 || byte == 0x7f || (length == 2 && byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0);
    if (length == 0 || control) {
      out += fmt::format("\\x{:02x}", byte);
      ++i;
    } else {
      out += text.substr(i, length);
      i += length;
    }
  }
  return out;
}

}  // namespace wml
