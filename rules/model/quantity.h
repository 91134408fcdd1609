#pragma once

#include <cstdint>
#include <string>

namespace wml {

/// "17 pages", "1 page".
std::string pages_text(std::uint64_t pages);

/// "912 bytes", "1.5 KiB", "64 KiB", "2.25 MiB": exact where three digits can be.
std::string bytes_text(std::uint64_t bytes);

}  // namespace wml
