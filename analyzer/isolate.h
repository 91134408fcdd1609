#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wml {

/// Told by the work which item it is at, so that a crash can be pinned on one. Lives in memory that the worker
/// process shares with its supervisor.
class Progress {
public:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  virtual void at(std::uint64_t item) = 0;

protected:
  ~Progress() = default;
};

/// Items that ended a worker process, by index, and how: "it crashed (Segmentation fault)".
using Casualties = std::vector<std::optional<std::string>>;

struct IsolationLimits {
  unsigned seconds_per_item = 60;
  std::uint64_t address_space_bytes = std::uint64_t{4} << 30;
};

/// Runs `work` in a worker process and returns its exit code. When an item ends the process (Binaryen may abort or run
/// out of stack on hostile input) or takes too long, the work is started again with that item among the casualties:
/// nothing crosses the process boundary, and `work` must print nothing before it has done with all items. A single item
/// is worked on in this process, which is started again where a worker would be (start_again.h).
int run_isolated(std::size_t items, const IsolationLimits& limits,
                 const std::function<int(const Casualties&, Progress&)>& work);

}  // namespace wml
