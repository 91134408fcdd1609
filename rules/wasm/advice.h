#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/model/module_facts.h"

/// How each toolchain is told what a rule advises. Sources: wasm-ld --help, Emscripten's settings reference, rustc's
/// codegen options, zig build-exe --help, asc --help, TinyGo's target files, Go's linker.
namespace wml::advice {

/// Without `pages`, a word stands where the number goes.
std::string maximum_memory(Toolchain toolchain, std::optional<std::uint64_t> pages);
std::string initial_memory(Toolchain toolchain, std::uint64_t pages);
std::string stack_size(Toolchain toolchain, std::uint64_t bytes);
std::string stack_first(Toolchain toolchain);
std::string strip_debug(Toolchain toolchain);

}  // namespace wml::advice
