#pragma once

#include <string>
#include <string_view>

namespace wml {

/// A C++ or Rust name as people write it; other names as they are. Legacy Rust's hash (`::h0123456789abcdef`) is cut.
std::string demangle(std::string_view name);

}  // namespace wml
