#include "rules/wasm/advice.h"

#include <fmt/format.h>

namespace wml::advice {
namespace {

/// wasm-ld's flag in the words of the compiler that calls it.
std::string linker_flag(Toolchain toolchain, const std::string& flag) {
  switch (toolchain) {
    case Toolchain::rust: return fmt::format("RUSTFLAGS=\"-C link-arg={}\"", flag);
    case Toolchain::swift: return fmt::format("-Xlinker {}", flag);
    case Toolchain::tinygo: return fmt::format("\"ldflags\": [\"{}\"] in a target file for tinygo -target", flag);
    default: return "-Wl," + flag;
  }
}

}  // namespace

std::string maximum_memory(Toolchain toolchain, std::optional<std::uint64_t> known_pages) {
  const std::string bytes = known_pages ? std::to_string(*known_pages * kPageBytes) : "BYTES";
  const std::string pages = known_pages ? std::to_string(*known_pages) : "PAGES";
  switch (toolchain) {
    case Toolchain::emscripten:
    case Toolchain::dotnet: return fmt::format("link with -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY={}", bytes);
    case Toolchain::assemblyscript: return fmt::format("compile with asc --maximumMemory {}", pages);
    case Toolchain::zig: return fmt::format("build with zig build-exe --max-memory={}", bytes);
    case Toolchain::go: return "Go's linker has no flag for a maximum; limit it in the runtime that runs the module";
    default: return fmt::format("link with {}", linker_flag(toolchain, fmt::format("--max-memory={}", bytes)));
  }
}

std::string initial_memory(Toolchain toolchain, std::uint64_t pages) {
  const std::uint64_t bytes = pages * kPageBytes;
  switch (toolchain) {
    case Toolchain::emscripten:
    case Toolchain::dotnet: return fmt::format("link with -sINITIAL_MEMORY={} -sALLOW_MEMORY_GROWTH", bytes);
    case Toolchain::assemblyscript: return fmt::format("compile with asc --initialMemory {}", pages);
    case Toolchain::zig: return fmt::format("build with zig build-exe --initial-memory={}", bytes);
    case Toolchain::go: return "Go's linker has no flag for the initial size; releases from 1.24 on declare less";
    default:
      return fmt::format("drop --initial-memory, or link with {}",
                         linker_flag(toolchain, fmt::format("--initial-memory={}", bytes)));
  }
}

std::string stack_size(Toolchain toolchain, std::uint64_t bytes) {
  switch (toolchain) {
    case Toolchain::emscripten:
    case Toolchain::dotnet: return fmt::format("link with -sSTACK_SIZE={}", bytes);
    case Toolchain::assemblyscript: return fmt::format("compile with asc --stackSize {}", bytes);
    case Toolchain::zig: return fmt::format("build with zig build-exe --stack {}", bytes);
    case Toolchain::rust: return fmt::format("build with RUSTFLAGS=\"-C link-arg=-zstack-size={}\"", bytes);
    case Toolchain::swift: return fmt::format("link with -Xlinker -z -Xlinker stack-size={}", bytes);
    default: return fmt::format("link with -Wl,-z,stack-size={}", bytes);
  }
}

std::string stack_first(Toolchain toolchain) {
  return fmt::format("link with {}",
                     linker_flag(toolchain == Toolchain::emscripten ? Toolchain::clang : toolchain, "--stack-first"));
}

std::string strip_debug(Toolchain toolchain) {
  switch (toolchain) {
    case Toolchain::emscripten:
    case Toolchain::dotnet: return "link without -g, or with -gseparate-dwarf";
    case Toolchain::assemblyscript: return "compile without asc --debug";
    case Toolchain::rust: return "set strip = \"debuginfo\" in the release profile of Cargo.toml";
    case Toolchain::go: return "build with -ldflags=\"-s -w\"";
    case Toolchain::tinygo: return "build with tinygo -no-debug";
    case Toolchain::zig: return "build with zig build-exe -fstrip";
    default: return "link with -Wl,--strip-debug, or run llvm-strip --strip-debug on the module";
  }
}

}  // namespace wml::advice
