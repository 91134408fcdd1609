#include "analyzer/wasm/recursion_limits.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/demangle.h"

namespace wml {
namespace {

/// "parse(char const*)" without its parameters. A name that begins with a parenthesis has none to lose:
/// "(anonymous namespace)::parse(int)" keeps its first part.
std::string without_parameters(const std::string& name) {
  if (name.empty() || name.back() != ')') return name;
  int depth = 0;
  for (std::size_t i = name.size(); i-- > 0;) {
    depth += name[i] == ')' ? 1 : name[i] == '(' ? -1 : 0;
    if (depth == 0) return i == 0 ? name : name.substr(0, i);
  }
  return name;
}

/// "void sort<int>::run" without what stands before the name and without template arguments: "sort::run".
std::string bare_name(const std::string& name) {
  std::string bare;
  int depth = 0;
  for (const char c : without_parameters(name)) {
    depth += c == '<' ? 1 : 0;
    if (depth == 0) bare += c;
    depth -= c == '>' && depth > 0 ? 1 : 0;
    if (depth == 0 && c == ' ') bare.clear();
  }
  return bare;
}

bool is_called(const FunctionFact& function, const std::string& demangled, const std::string& name) {
  if (name == fmt::format("function {}", function.index)) return true;
  return !function.name.empty() && (name == function.name || name == demangled ||
                                    name == without_parameters(demangled) || name == bare_name(demangled));
}

}  // namespace

std::vector<std::optional<std::uint32_t>> limits_by_function(const ModuleFacts& facts,
                                                             const std::vector<RecursionLimit>& limits) {
  std::vector<std::optional<std::uint32_t>> found(facts.functions.size());
  if (limits.empty()) return found;
  for (const FunctionFact& function : facts.functions) {
    const std::string demangled = demangle(function.name);
    for (std::uint32_t i = 0; i < limits.size(); ++i) {
      if (is_called(function, demangled, limits[i].function)) found[function.index] = i;
    }
  }
  for (std::uint32_t i = 0; i < limits.size(); ++i) {
    for (const ExportedFunction& item : facts.function_exports) {
      if (item.name == limits[i].function) found[item.function] = i;
    }
  }
  return found;
}

std::vector<std::string> unknown_limits(const ModuleFacts& facts, const std::vector<RecursionLimit>& limits) {
  const auto found = limits_by_function(facts, limits);
  std::vector<std::string> unknown;
  for (std::uint32_t i = 0; i < limits.size(); ++i) {
    if (std::ranges::find(found, std::optional(i)) == found.end()) unknown.push_back(limits[i].function);
  }
  return unknown;
}

}  // namespace wml
