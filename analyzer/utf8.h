#pragma once

#include <cstddef>
#include <string_view>

namespace wml {

/// The length in bytes of the well-formed UTF-8 sequence that begins at `at`, or 0 (Unicode, table 3-7 "Well-Formed
/// UTF-8 Byte Sequences").
std::size_t utf8_length(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

}  // namespace wml
