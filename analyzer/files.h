#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/result.h"

namespace wml {

using Bytes = std::vector<std::uint8_t>;

/// No engine takes a larger module (V8's limit).
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;

/// Reads a regular file. Directories, pipes and devices are errors: opening a pipe would wait for a writer.
Result<Bytes> read_file(const std::string& path);

/// Reads standard input to its end.
Result<Bytes> read_stdin();

/// A path as given, or the .wasm and .wat files below it, sorted, where it is a directory and `recursive` is set.
/// Symbolic links to directories are not followed.
std::vector<std::string> expand_path(const std::string& path, bool recursive);

}  // namespace wml
