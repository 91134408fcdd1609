#pragma once

#include <string>

namespace wml::extract {

/// Where LLVM is installed: the folder with lib/clang/22, as seen from the library that this program runs on. Empty
/// where it has none. Clang itself looks beside the program, which for ours is the wrong place.
std::string llvm_folder();

/// The folder of the compiler's own headers below it, for -resource-dir.
std::string resource_folder();

}  // namespace wml::extract
