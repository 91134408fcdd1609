#pragma once

#include <cstdint>
#include <string>

#include "rules/model/module_facts.h"

/// How each toolchain is told what a rule advises. Sources: wasm-ld --help, Emscripten's settings reference, rustc's
/// codegen options, zig build-exe --help, asc --help, TinyGo's target files, Go's linker.
namespace wml::advice {

std::string maximum_memory(Toolchain toolchain, std::uint64_t pages);
std::string initial_memory(Toolchain toolchain, std::uint64_t pages);
std::string stack_size(Toolchain toolchain, std::uint64_t bytes);
std::string stack_first(Toolchain toolchain);
std::string strip_debug(Toolchain toolchain);

}  // namespace wml::advice
