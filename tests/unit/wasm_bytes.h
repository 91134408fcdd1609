#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

/// Writes small modules for tests, byte by byte.
namespace wml::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes header() { return {0, 'a', 's', 'm', 1, 0, 0, 0}; }

inline void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

inline Bytes leb(std::size_t value) {
  Bytes bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
  bytes.push_back(static_cast<std::uint8_t>(value));
  return bytes;
}

inline Bytes section(std::uint8_t id, const Bytes& contents) {
  Bytes bytes{id};
  append(bytes, leb(contents.size()));
  append(bytes, contents);
  return bytes;
}

inline Bytes module(std::initializer_list<Bytes> sections) {
  Bytes bytes = header();
  for (const Bytes& one : sections) append(bytes, one);
  return bytes;
}

/// A code section with one function: no locals, the given instructions, end.
inline Bytes code(const Bytes& instructions) {
  Bytes contents{1};
  append(contents, leb(instructions.size() + 2));
  contents.push_back(0);
  append(contents, instructions);
  contents.push_back(0x0b);
  return section(10, contents);
}

}  // namespace wml::test
