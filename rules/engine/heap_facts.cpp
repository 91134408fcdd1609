#include "rules/model/heap_facts.h"

#include "rules/model/pages.h"

namespace wml {

std::uint64_t HeapDemand::bytes() const {
  std::uint64_t sum = 0;
  for (const HeapRequest& request : requests)
    sum = saturating_add(sum, saturating_multiply(request.bytes, request.count));
  return sum;
}

}  // namespace wml
