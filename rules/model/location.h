#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wml {

/// A place in a module. `file_offset` is in bytes from the start of the file that was given.
struct WasmLocation {
  std::optional<std::uint64_t> file_offset;
  std::optional<std::uint32_t> function;  ///< function index, imports counted
  std::string function_name;              ///< demangled, or empty
  std::optional<std::uint32_t> segment;   ///< data segment index
  std::optional<std::uint64_t> address;   ///< linear memory address
};

/// A place in a C or C++ source. Lines and columns count from 1, columns and offsets in bytes.
struct SourceLocation {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint64_t offset = 0;  ///< from the start of the file

  bool operator==(const SourceLocation&) const = default;
};

/// Where a fact or a finding is: in the module, in a source, or in both.
struct Location {
  std::optional<SourceLocation> source;
  std::optional<WasmLocation> wasm;
};

}  // namespace wml
