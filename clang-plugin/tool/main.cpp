#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "analyzer/source/facts_json.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/Support/CommandLine.h"
#include "tool/units.h"

// wasm-memlint-extract reads the paths of units on standard input, one a line, and answers each with one line of JSON.
// `wasm-memlint source` starts some of them and hands out units; a unit that ends the process takes no other one along.

namespace {

namespace cl = llvm::cl;

cl::OptionCategory category("wasm-memlint-extract");
cl::opt<std::string> database_path("p", cl::desc("A build's folder, or its compile_commands.json"),
                                   cl::cat(category));
cl::opt<std::string> profile_name("target", cl::desc("wasm32, wasm32-emscripten, wasm64 or wasm64-emscripten"),
                                  cl::cat(category));
cl::opt<std::string> sysroot("sysroot", cl::desc("Where the target's headers are"), cl::cat(category));
cl::list<std::string> extra("extra-arg", cl::desc("A further argument for the compiler"), cl::cat(category));
cl::list<std::string> overlays("overlay", cl::desc("FILE=CONTENTS: read CONTENTS where FILE is asked for"),
                               cl::cat(category));
cl::opt<bool> list_units("list", cl::desc("Print the units of the build and end"), cl::cat(category));

int fail(const std::string& message) {
  std::cerr << "wasm-memlint-extract: error: " << message << "\n";
  return 2;
}

std::unique_ptr<clang::tooling::CompilationDatabase> load_database(std::string& why) {
  if (database_path.empty())
    return std::make_unique<clang::tooling::FixedCompilationDatabase>(".", std::vector<std::string>{});
  if (llvm::StringRef(database_path).ends_with(".json")) {
    return clang::tooling::JSONCompilationDatabase::loadFromFile(database_path, why,
                                                                 clang::tooling::JSONCommandLineSyntax::AutoDetect);
  }
  return clang::tooling::CompilationDatabase::loadFromDirectory(database_path, why);
}

bool read_target(wml::extract::Target& target) {
  target.sysroot = sysroot;
  target.extra = extra;
  if (profile_name.empty()) return true;
  for (const wml::TargetProfile profile : {wml::TargetProfile::wasm32, wml::TargetProfile::wasm32_emscripten,
                                           wml::TargetProfile::wasm64, wml::TargetProfile::wasm64_emscripten}) {
    if (wml::to_string(profile) != profile_name.getValue()) continue;
    target.profile = profile;
    target.chosen = true;
    return true;
  }
  return false;
}

bool read_overlays(wml::extract::Overlay& texts, std::string& why) {
  for (const std::string& overlay : overlays) {
    const auto [path, contents] = llvm::StringRef(overlay).split('=');
    std::ifstream file(contents.str(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
      why = contents.str();
      return false;
    }
    texts[path.str()] = text.str();
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  cl::HideUnrelatedOptions(category);
  if (!cl::ParseCommandLineOptions(argc, argv, "Facts of C and C++ units for wasm-memlint, as lines of JSON\n")) return 2;
  std::string why;
  const auto database = load_database(why);
  if (database == nullptr) return fail(why);
  if (list_units) {
    for (const std::string& unit : database->getAllFiles()) std::cout << unit << "\n";
    return 0;
  }
  wml::extract::Target target;
  if (!read_target(target)) return fail("\"" + profile_name + "\" is no target");
  wml::extract::Overlay texts;
  if (!read_overlays(texts, why)) return fail(why + ": it cannot be read");
  const wml::extract::UnitReader reader(*database, std::move(target), std::move(texts));
  std::string unit;
  while (std::getline(std::cin, unit)) std::cout << wml::to_json_line(reader.read(unit)) << std::endl;
  return 0;
}
