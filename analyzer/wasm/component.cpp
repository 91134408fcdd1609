#include "analyzer/wasm/component.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace wml {
namespace {

constexpr std::array<std::uint8_t, 8> kPreamble{0, 'a', 's', 'm', 0x0d, 0, 1, 0};
constexpr std::uint8_t kCoreModuleSection = 1;  // component model, Binary.md "core:module"
constexpr std::uint8_t kComponentSection = 4;   // nested component
constexpr std::uint8_t kLastSection = 12;       // value section

bool has_preamble(ByteSpan file, std::uint64_t begin, std::uint64_t end) {
  return end - begin >= kPreamble.size() &&
         std::equal(kPreamble.begin(), kPreamble.end(), file.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace

bool is_component(ByteSpan file) { return has_preamble(file, 0, file.size()); }

Result<std::vector<EmbeddedModule>> find_embedded_modules(ByteSpan file) {
  std::vector<EmbeddedModule> modules;
  // Nested components wait here instead of on the call stack: a file can nest them as deep as it is long.
  std::vector<ByteCursor> open{ByteCursor(file, kPreamble.size(), file.size())};
  while (!open.empty()) {
    ByteCursor& cursor = open.back();
    if (cursor.at_end()) {
      open.pop_back();
      continue;
    }
    const std::uint64_t at = cursor.position();
    const std::uint8_t id = cursor.byte("a component section id");
    const std::uint32_t size = cursor.u32("a component section size");
    if (cursor.failed()) return cursor.error();
    if (id > kLastSection) return Error{fmt::format("unknown component section id {}", id), at};
    if (size > cursor.remaining()) {
      return Error{fmt::format("a component section claims {} bytes, but {} are left", size, cursor.remaining()), at};
    }
    const std::uint64_t begin = cursor.position();
    cursor.skip(size, "a component section");
    if (id == kCoreModuleSection) modules.push_back({begin, begin + size});
    if (id != kComponentSection) continue;
    if (!has_preamble(file, begin, begin + size)) return Error{"expected the preamble of a nested component", begin};
    open.emplace_back(file, begin + kPreamble.size(), begin + size);
  }
  return modules;
}

}  // namespace wml
