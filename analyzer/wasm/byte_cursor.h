#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/result.h"

namespace wml {

using ByteSpan = std::span<const std::uint8_t>;

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
  std::uint32_t u32(const char* what) {
    if (position_ < end_ && file_[position_] < 0x80) return file_[position_++];
    return static_cast<std::uint32_t>(unsigned_leb(32, what));
  }
  std::uint64_t u64(const char* what) { return unsigned_leb(64, what); }
  std::int32_t s32(const char* what) { return static_cast<std::int32_t>(signed_leb(32, what)); }
  std::int64_t s33(const char* what) { return signed_leb(33, what); }
  std::int64_t s64(const char* what) { return signed_leb(64, what); }

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
  std::uint64_t unsigned_leb(unsigned bits, const char* what);
  std::int64_t signed_leb(unsigned bits, const char* what);
  void fail_end(const char* what);

  ByteSpan file_;
  std::uint64_t position_;
  std::uint64_t end_;
  std::optional<Error> error_;
};

}  // namespace wml
