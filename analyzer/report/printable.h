#pragma once

#include <string>
#include <string_view>

namespace wml {

/// Text from a file or a path as it may stand on a terminal: control characters and broken UTF-8 are escaped.
std::string printable(std::string_view text);

}  // namespace wml
