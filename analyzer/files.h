#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/result.h"

namespace wml {

using ByteSpan = std::span<const std::uint8_t>;

/// The contents of a file: its own pages where it can be mapped, which takes no copy, else bytes that were read. The
/// memory of a mapped file goes away where somebody else cuts the file short; the process ends then (isolate.h).
class FileBytes {
public:
  explicit FileBytes(std::vector<std::uint8_t> read)
      : read_(std::move(read)), mapping_(nullptr, Unmap{0}), bytes_(read_) {}
  /// Of a mapping, which is taken over.
  FileBytes(void* mapping, std::size_t bytes);

  operator ByteSpan() const { return bytes_; }

private:
  struct Unmap {
    std::size_t bytes;
    void operator()(void* mapping) const;
  };
  std::vector<std::uint8_t> read_;
  std::unique_ptr<void, Unmap> mapping_;
  ByteSpan bytes_;  // of one of the two; moving them does not move what it shows
};

/// No engine takes a larger module (V8's limit).
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;

/// Reads a regular file. Directories, pipes and devices are errors: opening a pipe would wait for a writer.
Result<FileBytes> read_file(const std::string& path);

/// Reads standard input to its end.
Result<FileBytes> read_stdin();

/// A path as given, or the .wasm and .wat files below it, sorted, where it is a directory and `recursive` is set.
/// Symbolic links to directories are not followed.
std::vector<std::string> expand_path(const std::string& path, bool recursive);

}  // namespace wml
