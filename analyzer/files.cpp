#include "analyzer/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>

namespace wml {
namespace {

namespace fs = std::filesystem;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

Error too_large(std::uint64_t bytes) {
  return Error{fmt::format("the file is larger than {} bytes ({} were read); no engine takes such a module",
                           kMostFileBytes, bytes),
               std::nullopt};
}

Result<FileBytes> read_stream(std::FILE* stream) {
  std::vector<std::uint8_t> bytes;
  std::size_t used = 0;
  while (std::feof(stream) == 0 && std::ferror(stream) == 0) {
    if (used == bytes.size()) bytes.resize(used + std::max<std::size_t>(used / 2, 65536));
    const std::size_t got = std::fread(bytes.data() + used, 1, bytes.size() - used, stream);
    used += got;
    if (used > kMostFileBytes) return too_large(used);
  }
  if (std::ferror(stream) != 0) return Error{fmt::format("reading failed: {}", std::strerror(errno)), std::nullopt};
  bytes.resize(used);
  return FileBytes(std::move(bytes));
}

/// Nothing where the file cannot be mapped: an empty one, or one of a file system that does not know its size.
std::optional<FileBytes> map_file(const std::string& path, std::uint64_t size) {
  if (size == 0) return std::nullopt;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  void* mapping = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  close(file);
  if (mapping == MAP_FAILED) return std::nullopt;
  return FileBytes(mapping, size);
}

bool is_module_path(const fs::path& path) { return path.extension() == ".wasm" || path.extension() == ".wat"; }

}  // namespace

FileBytes::FileBytes(void* mapping, std::size_t bytes)
    : mapping_(mapping, Unmap{bytes}), bytes_(static_cast<const std::uint8_t*>(mapping), bytes) {}

void FileBytes::Unmap::operator()(void* mapping) const { munmap(mapping, bytes); }

Result<FileBytes> read_file(const std::string& path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (status.type() == fs::file_type::not_found) return Error{"there is no such file", std::nullopt};
  if (failed) return Error{fmt::format("it cannot be read: {}", failed.message()), std::nullopt};
  if (fs::is_directory(status))
    return Error{"it is a directory; --recursive analyses the modules below it", std::nullopt};
  if (!fs::is_regular_file(status)) return Error{"it is no regular file; give \"-\" to read from a pipe", std::nullopt};
  const std::uint64_t size = fs::file_size(path, failed);
  if (!failed && size > kMostFileBytes) return too_large(size);
  if (auto mapped = map_file(path, failed ? 0 : size)) return std::move(*mapped);
  const File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return Error{fmt::format("it cannot be opened: {}", std::strerror(errno)), std::nullopt};
  return read_stream(file.get());
}

Result<FileBytes> read_stdin() { return read_stream(stdin); }

std::vector<std::string> expand_path(const std::string& path, bool recursive) {
  std::error_code failed;
  if (!recursive || !fs::is_directory(path, failed)) return {path};
  std::vector<std::string> found;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(path, options, failed), end; !failed && it != end; it.increment(failed)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && is_module_path(it->path())) found.push_back(it->path().string());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace wml
