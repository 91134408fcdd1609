#include "analyzer/demangle.h"

#include <algorithm>

#include <llvm/Demangle/Demangle.h>

namespace wml {
namespace {

constexpr std::size_t kRustHash = 19;  // "::h" and 16 hexadecimal digits

bool ends_with_rust_hash(std::string_view name) {
  if (name.size() <= kRustHash) return false;
  const std::string_view hash = name.substr(name.size() - kRustHash);
  return hash.starts_with("::h") &&
         std::ranges::all_of(hash.substr(3), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace

std::string demangle(std::string_view name) {
  // Everything else, C names above all, must come back unchanged: "f" is no mangled type here.
  if (!name.starts_with("_Z") && !name.starts_with("_R")) return std::string(name);
  std::string demangled = llvm::demangle(name);
  if (ends_with_rust_hash(demangled)) demangled.resize(demangled.size() - kRustHash);
  return demangled;
}

}  // namespace wml
