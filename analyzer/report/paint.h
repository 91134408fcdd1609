#pragma once

#include <string>
#include <string_view>

namespace wml {

/// Colours for a terminal, or none.
class Paint {
public:
  explicit Paint(bool on) : on_(on) {}

  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string red(std::string_view text) const { return wrap("1;31", text); }
  std::string yellow(std::string_view text) const { return wrap("1;33", text); }
  std::string green(std::string_view text) const { return wrap("1;32", text); }
  std::string blue(std::string_view text) const { return wrap("34", text); }
  std::string cyan(std::string_view text) const { return wrap("36", text); }
  std::string magenta(std::string_view text) const { return wrap("35", text); }
  std::string plain_red(std::string_view text) const { return wrap("31", text); }

private:
  std::string wrap(const char* code, std::string_view text) const {
    if (!on_ || text.empty()) return std::string(text);
    return std::string("\033[") + code + "m" + std::string(text) + "\033[0m";
  }

  bool on_;
};

}  // namespace wml
