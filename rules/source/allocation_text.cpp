#include "rules/source/allocation_text.h"

#include <fmt/format.h>

namespace wml {

bool can_live_on_stack(const AllocationFact& fact) {
  return fact.bytes && *fact.bytes > 0 && fact.reach >= Reach::scoped && !fact.resized && !fact.recursive &&
         fact.kept_by_optimiser;
}

std::string form_text(AllocationForm form) {
  switch (form) {
    case AllocationForm::malloc: return "malloc";
    case AllocationForm::new_object: return "new";
    case AllocationForm::new_array: return "new[]";
    case AllocationForm::unique_object:
    case AllocationForm::unique_array: return "std::unique_ptr";
    case AllocationForm::vector: return "std::vector";
    case AllocationForm::string: return "std::string";
    case AllocationForm::deque: return "std::deque";
    case AllocationForm::string_stream: return "string stream";
    case AllocationForm::concatenation: return "std::string";
  }
  return {};
}

std::string iterations_text(const std::optional<std::uint64_t>& iterations) {
  return iterations ? fmt::format(" in each of {} iterations", *iterations) : std::string(" in each iteration");
}

}  // namespace wml
