#include "analyzer/demangle.h"

#include <algorithm>

#ifdef MEMLINT_LLVM
#include <llvm/Demangle/Demangle.h>
#else
#include <cstdlib>
#include <memory>

#include <cxxabi.h>
#endif

namespace wml {
namespace {

#ifdef MEMLINT_LLVM
std::string demangled_name(std::string_view name) { return llvm::demangle(name); }
#else
/// What the C++ runtime can: not Rust's "_R" names, which stay as they are.
std::string demangled_name(std::string_view name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(std::string(name).c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? std::string(text.get()) : std::string(name);
}
#endif

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
  std::string demangled = demangled_name(name);
  if (ends_with_rust_hash(demangled)) demangled.resize(demangled.size() - kRustHash);
  return demangled;
}

}  // namespace wml
