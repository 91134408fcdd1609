#include "analyzer/wasm/byte_cursor.h"

#include <fmt/format.h>

namespace wml {

void ByteCursor::fail(std::uint64_t offset, std::string message) {
  if (!error_) error_ = Error{std::move(message), offset};
  position_ = end_;
}

void ByteCursor::fail_end(const char* what) {
  const bool whole_file = end_ == file_.size();
  fail(end_, fmt::format("expected {}, found the end of the {}", what, whole_file ? "file" : "section"));
}

std::uint64_t ByteCursor::unsigned_leb(unsigned bits, const char* what) {
  const std::uint64_t start = position_;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    const std::uint8_t next = byte(what);
    if (failed()) return 0;
    const unsigned room = bits - shift;
    if (room < 7 && ((next & 0x7f) >> room) != 0) break;
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return value;
  }
  fail(start, fmt::format("{} is no unsigned {}-bit LEB128 number", what, bits));
  return 0;
}

std::int64_t ByteCursor::signed_leb(unsigned bits, const char* what) {
  const std::uint64_t start = position_;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    const std::uint8_t next = byte(what);
    if (failed()) return 0;
    const unsigned room = bits - shift;
    const std::uint8_t payload = next & 0x7f;
    if (room < 7) {
      // The bits past the number's width must repeat its sign bit.
      const std::uint8_t sign_bits = static_cast<std::uint8_t>(0x7f & (0xff << (room - 1)));
      if ((payload & sign_bits) != 0 && (payload & sign_bits) != sign_bits) break;
    }
    value |= static_cast<std::uint64_t>(payload) << shift;
    if ((next & 0x80) == 0) {
      const unsigned used = shift + 7;
      if (used < 64 && (payload & 0x40) != 0) value |= ~std::uint64_t{0} << used;
      return static_cast<std::int64_t>(value);
    }
  }
  fail(start, fmt::format("{} is no signed {}-bit LEB128 number", what, bits));
  return 0;
}

std::string_view ByteCursor::name(const char* what) {
  const std::uint32_t length = u32(what);
  const std::uint64_t start = position_;
  skip(length, what);
  if (failed()) return {};
  return {reinterpret_cast<const char*>(file_.data()) + start, length};
}

}  // namespace wml
