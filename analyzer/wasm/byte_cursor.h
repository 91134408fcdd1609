#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/files.h"
#include "analyzer/result.h"

namespace wml {

/// Reads a range of a file from front to back. The first failure sticks: from then on every read gives 0 and
/// `failed()` is true, so that a reader may check once per item instead of once per byte. Positions are offsets
/// from the start of the file.
class ByteCursor {
public:
  ByteCursor(ByteSpan file, std::uint64_t begin, std::uint64_t end) : file_(file), position_(begin), end_(end) {}

  std::uint64_t position() const { return position_; }
  std::uint64_t end() const { return end_; }
  std::uint64_t remaining() const { return end_ - position_; }
  bool at_end() const { return position_ >= end_; }
  bool failed() const { return error_.has_value(); }
  const Error& error() const { return *error_; }

  std::uint8_t byte(const char* what) {
    if (position_ >= end_) {
      fail_end(what);
      return 0;
    }
    return file_[position_++];
  }

  /// LEB128 numbers (core specification, 5.2.2): at most ceil(bits/7) bytes, unused bits as the sign says.
  std::uint32_t u32(const char* what) { return static_cast<std::uint32_t>(unsigned_number<32>(what)); }
  std::uint64_t u64(const char* what) { return unsigned_number<64>(what); }
  std::int32_t s32(const char* what) { return static_cast<std::int32_t>(signed_number<32>(what)); }
  std::int64_t s33(const char* what) { return signed_number<33>(what); }
  std::int64_t s64(const char* what) { return signed_number<64>(what); }

  void skip(std::uint64_t bytes, const char* what) {
    if (bytes > remaining()) {
      fail_end(what);
      return;
    }
    position_ += bytes;
  }

  /// A name: length and bytes, as they stand (UTF-8 is not checked here).
  std::string_view name(const char* what);

  /// Records a failure at `offset`; only the first one is kept.
  void fail(std::uint64_t offset, std::string message);

private:
  // Nearly all numbers have one, two or three bytes: these are read here, and the others out of line.
  static constexpr std::uint64_t kShortBytes = 3;

  template <unsigned bits>
  std::uint64_t unsigned_number(const char* what) {
    if (remaining() < kShortBytes) return unsigned_leb(bits, what);
    const std::uint8_t* const at = &file_[position_];
    std::uint32_t value = at[0] & 0x7fU;
    if (at[0] < 0x80) return advance(1, value);
    value |= (at[1] & 0x7fU) << 7;
    if (at[1] < 0x80) return advance(2, value);
    value |= (at[2] & 0x7fU) << 14;
    if (at[2] < 0x80) return advance(3, value);
    return unsigned_leb(bits, what);
  }

  template <unsigned bits>
  std::int64_t signed_number(const char* what) {
    if (remaining() < kShortBytes) return signed_leb(bits, what);
    const std::uint8_t* const at = &file_[position_];
    // Shifted to the top and back, so that the number's highest bit is its sign.
    std::uint32_t value = at[0] & 0x7fU;
    if (at[0] < 0x80) return advance(1, static_cast<std::int32_t>(value << 25) >> 25);
    value |= (at[1] & 0x7fU) << 7;
    if (at[1] < 0x80) return advance(2, static_cast<std::int32_t>(value << 18) >> 18);
    value |= (at[2] & 0x7fU) << 14;
    if (at[2] < 0x80) return advance(3, static_cast<std::int32_t>(value << 11) >> 11);
    return signed_leb(bits, what);
  }

  template <class T>
  T advance(std::uint64_t bytes, T value) {
    position_ += bytes;
    return value;
  }

  std::uint64_t unsigned_leb(unsigned bits, const char* what);
  std::int64_t signed_leb(unsigned bits, const char* what);
  void fail_end(const char* what);

  ByteSpan file_;
  std::uint64_t position_;
  std::uint64_t end_;
  std::optional<Error> error_;
};

}  // namespace wml
