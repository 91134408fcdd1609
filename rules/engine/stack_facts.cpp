#include "rules/model/stack_facts.h"

#include <algorithm>
#include <functional>

namespace wml {

std::vector<std::uint32_t> deepest_path(const StackFact& stack, std::uint32_t function) {
  std::vector<std::uint32_t> path;
  std::vector<bool> seen(stack.functions.size());
  for (std::optional<std::uint32_t> at = function; at && *at < seen.size() && !seen[*at];
       at = stack.functions[*at].next) {
    seen[*at] = true;
    path.push_back(*at);
  }
  return path;
}

namespace {

std::vector<std::string> assumption_texts(const StackFact& stack, std::uint64_t assumptions) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < stack.assumptions.size(); ++i) {
    if ((assumptions >> i & 1) != 0) texts.push_back(stack.assumptions[i]);
  }
  return texts;
}

}  // namespace

std::vector<std::string> assumptions_of(const StackFact& stack, const FunctionStack& known) {
  return assumption_texts(stack, known.assumptions);
}

std::vector<std::string> assumptions_of_all(const StackFact& stack) {
  std::uint64_t assumptions = 0;
  for (const StackEntry& entry : stack.entries) assumptions |= stack.functions[entry.function].assumptions;
  return assumption_texts(stack, assumptions);
}

std::vector<std::uint32_t> functions_by_frame(const StackFact& stack) {
  std::vector<std::uint32_t> functions;
  for (std::uint32_t i = 0; i < stack.functions.size(); ++i) {
    if (stack.functions[i].frame_bytes > 0) functions.push_back(i);
  }
  std::ranges::stable_sort(functions, std::ranges::greater{},
                           [&](std::uint32_t function) { return stack.functions[function].frame_bytes; });
  return functions;
}

}  // namespace wml
