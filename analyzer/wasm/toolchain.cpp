#include "analyzer/wasm/toolchain.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace wml {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Sign {
  Toolchain toolchain;
  std::string_view text;
};

/// Words in the producers section. The first that is there decides: Rust and Emscripten modules name clang or LLVM
/// as well.
constexpr std::array<Sign, 14> kProducerWords{{
    {Toolchain::emscripten, "emscripten"},
    {Toolchain::rust, "rustc"},
    {Toolchain::rust, "Rust"},
    {Toolchain::rust, "wasm-bindgen"},
    {Toolchain::tinygo, "TinyGo"},
    {Toolchain::go, "Go cmd/compile"},
    {Toolchain::swift, "Swift"},
    {Toolchain::zig, "Zig"},
    {Toolchain::assemblyscript, "AssemblyScript"},
    {Toolchain::kotlin, "Kotlin"},
    {Toolchain::dart, "dart2wasm"},
    {Toolchain::clang, "clang"},
    {Toolchain::clang, "LLVM"},
    {Toolchain::clang, "C_plus_plus"},
}};

/// Function names, mangled as in the name section, and function exports.
constexpr std::array<Sign, 14> kSymbolWords{{
    {Toolchain::assemblyscript, "~lib/rt"},
    {Toolchain::rust, "__rust_alloc"},
    {Toolchain::rust, "__rdl_alloc"},
    {Toolchain::rust, "rust_begin_unwind"},
    {Toolchain::rust, "__wbindgen_"},
    {Toolchain::tinygo, "tinygo_"},
    {Toolchain::go, "runtime.mallocgc"},
    {Toolchain::swift, "swift_retain"},
    {Toolchain::dotnet, "mono_wasm_"},
    {Toolchain::emscripten, "emscripten_stack_"},
    {Toolchain::emscripten, "_emscripten_"},
    {Toolchain::emscripten, "__em_js"},
    {Toolchain::clang, "__wasilibc_"},
    {Toolchain::clang, "__original_main"},
}};

constexpr std::array<Sign, 10> kImportWords{{
    {Toolchain::go, "gojs."},
    {Toolchain::go, "go.runtime."},
    {Toolchain::rust, "wbg."},
    {Toolchain::rust, "__wbindgen_"},
    {Toolchain::dotnet, "env.mono_wasm_"},  // linked by Emscripten
    {Toolchain::emscripten, "env.emscripten_"},
    {Toolchain::emscripten, "env._emscripten_"},
    {Toolchain::emscripten, "env.invoke_"},
    {Toolchain::emscripten, "env.__syscall"},
    {Toolchain::dart, "dart2wasm."},
}};

std::optional<ToolchainFact> from_producers(const std::vector<Producer>& producers) {
  for (const Sign& sign : kProducerWords) {
    for (const Producer& producer : producers) {
      if (!contains(producer.name, sign.text)) continue;
      const std::string version = producer.version.empty() ? "" : " " + producer.version;
      return ToolchainFact{
          sign.toolchain, {Evidence::declared, fmt::format("producers section: {}{}", producer.name, version)}, {}};
    }
  }
  return std::nullopt;
}

std::optional<ToolchainFact> from_symbols(const ModuleFacts& facts) {
  std::array<const std::string*, kSymbolWords.size()> found{};
  const auto look = [&found](const std::string& name) {
    for (std::size_t i = 0; i < kSymbolWords.size(); ++i) {
      if (found[i] == nullptr && contains(name, kSymbolWords[i].text)) found[i] = &name;
    }
  };
  for (const FunctionFact& function : facts.functions) look(function.name);
  for (const ExportedFunction& item : facts.function_exports) look(item.name);
  for (std::size_t i = 0; i < kSymbolWords.size(); ++i) {
    if (found[i] != nullptr)
      return ToolchainFact{kSymbolWords[i].toolchain, {Evidence::symbol, "function " + *found[i]}, {}};
  }
  return std::nullopt;
}

std::optional<ToolchainFact> from_imports(const ModuleFacts& facts) {
  for (const Sign& sign : kImportWords) {
    for (const FunctionFact& function : facts.functions) {
      if (!function.import) break;  // imports come first
      const std::string name = function.import->module + "." + function.import->name;
      if (name.starts_with(sign.text)) return ToolchainFact{sign.toolchain, {Evidence::symbol, "import " + name}, {}};
    }
  }
  return std::nullopt;
}

bool has_export(const ModuleFacts& facts, std::string_view name) {
  return std::ranges::find(facts.function_exports, name, &ExportedFunction::name) != facts.function_exports.end();
}

/// Emscripten's closure-like minifier gives every import the module "a" and a name of a letter or three.
bool has_minified_imports(const ModuleFacts& facts) {
  std::size_t imports = 0;
  for (const FunctionFact& function : facts.functions) {
    if (!function.import) break;
    if (function.import->module != "a" || function.import->name.size() > 3) return false;
    ++imports;
  }
  return imports > 0;
}

std::optional<ToolchainFact> from_shape(const ModuleFacts& facts, const SectionMap& map) {
  if (map.find_custom("go:buildid") != nullptr)
    return ToolchainFact{Toolchain::go, {Evidence::declared, "section go:buildid"}, {}};
  if (has_export(facts, "run") && has_export(facts, "resume") && has_export(facts, "getsp")) {
    return ToolchainFact{Toolchain::go, {Evidence::symbol, "exports run, resume and getsp"}, {}};
  }
  if (has_export(facts, "__new") && has_export(facts, "__pin")) {
    return ToolchainFact{Toolchain::assemblyscript, {Evidence::symbol, "exports __new and __pin"}, {}};
  }
  if (has_minified_imports(facts)) {
    return ToolchainFact{
        Toolchain::emscripten, {Evidence::heuristic, "every import has the module name \"a\": minified by emcc"}, {}};
  }
  return std::nullopt;
}

}  // namespace

ToolchainFact find_toolchain(const ModuleFacts& facts, const SectionMap& map) {
  const std::vector<Producer>& producers = facts.toolchain.producers;
  std::optional<ToolchainFact> found = from_producers(producers);
  // "clang" in the producers section says little: Emscripten and others are known by their symbols.
  if (!found || found->id == Toolchain::clang) {
    std::optional<ToolchainFact> better = from_imports(facts);
    if (!better) better = from_symbols(facts);
    if (!better) better = from_shape(facts, map);
    if (better && (!found || better->id == Toolchain::emscripten || better->id == Toolchain::swift ||
                   better->id == Toolchain::dotnet)) {
      found = better;
    }
  }
  ToolchainFact result =
      found.value_or(ToolchainFact{Toolchain::unknown, {Evidence::assumed, "nothing in the module says"}, {}});
  result.producers = producers;
  return result;
}

}  // namespace wml
