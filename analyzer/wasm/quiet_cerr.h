#pragma once

#include <iostream>
#include <sstream>

namespace wml {

/// Binaryen warns on std::cerr; our output is ours.
class QuietCerr {
public:
  QuietCerr() : before_(std::cerr.rdbuf(swallowed_.rdbuf())) {}
  ~QuietCerr() { std::cerr.rdbuf(before_); }
  QuietCerr(const QuietCerr&) = delete;
  QuietCerr& operator=(const QuietCerr&) = delete;

private:
  std::ostringstream swallowed_;
  std::streambuf* before_;
};

}  // namespace wml
