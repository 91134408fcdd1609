#pragma once

#include <cstdint>
#include <thread>

namespace wml {

/// Starting a thread takes about as long as reading this much of a module.
inline constexpr std::uint64_t kBytesWorthAThread = std::uint64_t{128} * 1024;

/// Does two things that do not look at each other's results: at once, where a module of this size is worth a thread.
template <class Here, class There>
void do_both(std::uint64_t module_bytes, const Here& here, const There& there) {
  if (module_bytes < kBytesWorthAThread) {
    there();
    here();
    return;
  }
  const std::jthread beside(there);
  here();
}

}  // namespace wml
