#pragma once

#include <string_view>

namespace wml {

/// docs/rules/<id>.md as it was at build time, or empty.
std::string_view rule_page(std::string_view id);

}  // namespace wml
