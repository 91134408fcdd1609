#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/evidence.h"
#include "rules/model/module_facts.h"

namespace wml {

/// Bytes of the initial memory that one cause takes. The causes of an estimate sum to its minimum.
struct Cause {
  RegionKind kind = RegionKind::unknown;
  std::uint64_t bytes = 0;
};

/// How many 64 KiB pages the module needs as it is. All memories together; pages are of 64 KiB.
struct Estimate {
  std::uint64_t minimum_pages = 0;           ///< declared: what instantiation takes
  std::uint64_t touched_at_start_pages = 0;  ///< pages that instantiation writes to, as far as it is known
  std::uint64_t touched_at_start_bytes = 0;  ///< the same in 4 KiB operating-system pages, in bytes
  bool touched_is_complete = false;          ///< false: a start function may write more
  std::vector<Cause> causes;
  std::uint64_t static_pages = 0;  ///< pages that stack, data and bss take: none of them can be missing
  std::optional<std::uint64_t> after_first_allocation_pages;  ///< by the allocator's growth model
  std::optional<std::uint64_t> own_pages;    ///< its own code makes memory no larger: all its allocations are bounded
  std::optional<std::uint64_t> bound_pages;  ///< memory can never be larger than this
  Basis bound_basis;                         ///< why, or what is missing
  std::optional<std::uint64_t> measured_pages;  ///< the peak of the runs that were measured
  std::size_t measured_runs = 0;
  std::optional<std::uint64_t> recommended_initial_pages;
  Basis initial_basis;
  std::optional<std::uint64_t> recommended_maximum_pages;
  Basis maximum_basis;
};

enum class Outcome { fits, cannot_fit, not_proven };

constexpr std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::fits: return "fits";
    case Outcome::cannot_fit: return "cannot-fit";
    case Outcome::not_proven: return "not-proven";
  }
  return "not-proven";
}

/// The answer to "does it fit into the budget?"; `why` says what proves it, or what is missing.
struct Verdict {
  std::uint64_t budget_pages = 0;
  Outcome outcome = Outcome::not_proven;
  std::string why;
};

}  // namespace wml
