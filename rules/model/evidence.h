#pragma once

#include <string>
#include <string_view>

namespace wml {

/// Where a fact comes from, strongest first.
enum class Evidence {
  declared,   ///< the module's own declarations
  symbol,     ///< a named, exported or imported symbol of the toolchain's convention
  derived,    ///< follows from declared facts without a guess
  heuristic,  ///< a pattern that holds on the modules it was checked on
  measured,   ///< a run
  assumed,    ///< nothing in the module says so
};

constexpr std::string_view to_string(Evidence evidence) {
  switch (evidence) {
    case Evidence::declared: return "declared";
    case Evidence::symbol: return "symbol";
    case Evidence::derived: return "derived";
    case Evidence::heuristic: return "heuristic";
    case Evidence::measured: return "measured";
    case Evidence::assumed: return "assumed";
  }
  return "assumed";
}

/// Evidence with a word on how: "symbol: exported global __heap_base".
struct Basis {
  Evidence evidence = Evidence::assumed;
  std::string how;
};

}  // namespace wml
