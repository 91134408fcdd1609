#include "analyzer/wasm/callee_facts.h"

#include <algorithm>
#include <cstddef>

namespace wml {

std::vector<bool> functions_returning_first(const std::vector<BodySummary>& bodies, std::uint32_t imported) {
  std::vector<bool> returns_first(imported + bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i)
    returns_first[imported + i] = bodies[i].analysed && bodies[i].returns_first_argument;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (!returns_first[imported + i]) continue;
      returns_first[imported + i] = std::ranges::all_of(bodies[i].returns_first_if, [&](std::uint32_t callee) {
        return callee < returns_first.size() && returns_first[callee];
      });
      changed |= !returns_first[imported + i];
    }
  }
  return returns_first;
}

std::vector<bool> functions_that_may_throw(const std::vector<BodySummary>& bodies, std::uint32_t imported) {
  std::vector<bool> may_throw(imported + bodies.size());
  std::fill_n(may_throw.begin(), imported, true);
  std::vector<std::vector<std::uint32_t>> callers(may_throw.size());
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const BodySummary& body = bodies[i];
    const auto function = static_cast<std::uint32_t>(imported + i);
    const auto throws_for_sure = [&](const Call& call) {
      return call.callee < imported || call.callee >= callers.size();
    };
    if (body.throws || !body.analysed || !body.indirect_calls.empty() ||
        std::ranges::any_of(body.calls, throws_for_sure)) {
      may_throw[function] = true;
      found.push_back(function);
    } else {
      for (const Call& call : body.calls) callers[call.callee].push_back(function);
    }
  }
  while (!found.empty()) {
    const std::uint32_t callee = found.back();
    found.pop_back();
    for (const std::uint32_t caller : callers[callee]) {
      if (may_throw[caller]) continue;
      may_throw[caller] = true;
      found.push_back(caller);
    }
  }
  return may_throw;
}

}  // namespace wml
