#pragma once

#include <string>
#include <vector>

namespace wml::extract {

/// The arguments of a program with one more in front, for a main that is called with them. The strings are not copied:
/// `added` has to outlive it.
inline std::vector<char*> with_argument(int argc, char** argv, std::string& added) {
  std::vector<char*> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, added.data());
  arguments.push_back(nullptr);
  return arguments;
}

}  // namespace wml::extract
