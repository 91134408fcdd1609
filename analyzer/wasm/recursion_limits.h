#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/module_facts.h"

namespace wml {

/// What the configuration says of a recursive function: at most `count` calls of it are on the stack at once.
struct RecursionLimit {
  std::string function;  ///< its name as in the name section, demangled or not, an export's name, or "function 12"
  std::uint64_t count = 0;
};

/// The prover keeps what a bound rests on in 64 bits, and needs a few of them itself.
inline constexpr std::size_t kMostRecursionLimits = 56;

/// For each function the index of its limit; nothing where there is none. Overloads share a limit when its name is
/// given without parameters: each of them is then on the stack at most that often.
std::vector<std::optional<std::uint32_t>> limits_by_function(const ModuleFacts& facts,
                                                             const std::vector<RecursionLimit>& limits);

/// The names of limits that no function has.
std::vector<std::string> unknown_limits(const ModuleFacts& facts, const std::vector<RecursionLimit>& limits);

}  // namespace wml
