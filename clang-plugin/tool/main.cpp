#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "analyzer/source/facts_json.h"
#include "clang/Basic/Stack.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/thread.h"
#include "tool/units.h"

// wasm-memlint-extract reads the paths of units on standard input, a JSON string on each line, and answers each with
// one line of JSON. With --list it prints the units of the build, or what is wrong with it, as one JSON object.
// `wasm-memlint source` starts some of them and hands out units; a unit that ends the process takes no other one along.

namespace {

namespace cl = llvm::cl;

struct Options {
  cl::OptionCategory category{"wasm-memlint-extract"};
  cl::opt<std::string> database_path{"p", cl::desc("A build's folder, or its compile_commands.json"),
                                     cl::cat(category)};
  cl::opt<std::string> profile_name{"target", cl::desc("wasm32, wasm32-emscripten, wasm64 or wasm64-emscripten"),
                                    cl::cat(category)};
  cl::opt<std::string> sysroot{"sysroot", cl::desc("Where the target's headers are"), cl::cat(category)};
  cl::list<std::string> extra{"extra-arg", cl::desc("A further argument for the compiler"), cl::cat(category)};
  cl::list<std::string> overlays{"overlay", cl::desc("FILE=CONTENTS: read CONTENTS where FILE is asked for"),
                                 cl::cat(category)};
  cl::opt<bool> list_units{"list", cl::desc("Print the units of the build and end"), cl::cat(category)};
};

int fail(const std::string& message) {
  std::cerr << "wasm-memlint-extract: error: " << message << "\n";
  return 2;
}

using Database = std::unique_ptr<clang::tooling::CompilationDatabase>;

/// The database in a file. What is wrong is told with the file's name; Clang's own words alone would not say which.
Database load_json(const std::string& file, std::string& why) {
  namespace tooling = clang::tooling;
  std::string reason;
  Database database =
      tooling::JSONCompilationDatabase::loadFromFile(file, reason, tooling::JSONCommandLineSyntax::AutoDetect);
  if (database == nullptr) {
    why = file + ": it is not an array of commands with \"directory\", \"file\" and \"arguments\" or \"command\"" +
          (reason.empty() ? "" : ": " + reason);
    return nullptr;
  }
  return tooling::inferTargetAndDriverMode(
      tooling::expandResponseFiles(std::move(database), llvm::vfs::getRealFileSystem()));
}

Database load_database(const std::string& path, std::string& why) {
  if (path.empty()) return std::make_unique<clang::tooling::FixedCompilationDatabase>(".", std::vector<std::string>{});
  if (llvm::sys::fs::is_regular_file(path)) return load_json(path, why);
  const std::string file = path + "/compile_commands.json";
  if (llvm::sys::fs::exists(file)) return load_json(file, why);
  why = path +
        ": there is no compile_commands.json (CMake writes one with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, `bear -- make` "
        "for other builds)";
  return nullptr;
}

/// As JSON, since the name of a file may hold a newline.
int list(const clang::tooling::CompilationDatabase* database, const std::string& why) {
  llvm::json::Object answer;
  if (database == nullptr) {
    answer["error"] = llvm::json::fixUTF8(why);
  } else {
    answer["units"] = llvm::json::Array(database->getAllFiles());
  }
  std::cout << llvm::formatv("{0}", llvm::json::Value(std::move(answer))).str() << "\n";
  return database == nullptr ? 2 : 0;
}

void read_units(const wml::extract::UnitReader& reader) {
  for (std::string line; std::getline(std::cin, line);) {
    llvm::Expected<llvm::json::Value> request = llvm::json::parse(line);
    if (!request) {
      llvm::consumeError(request.takeError());
      return;
    }
    const std::optional<llvm::StringRef> unit = request->getAsString();
    if (!unit) return;
    std::cout << wml::to_json_line(reader.read(unit->str())) << "\n" << std::flush;
  }
}

bool read_target(const Options& options, wml::extract::Target& target) {
  target.sysroot = options.sysroot;
  target.extra.assign(options.extra.begin(), options.extra.end());
  if (options.profile_name.empty()) return true;
  for (const wml::TargetProfile profile : {wml::TargetProfile::wasm32, wml::TargetProfile::wasm32_emscripten,
                                           wml::TargetProfile::wasm64, wml::TargetProfile::wasm64_emscripten}) {
    if (wml::to_string(profile) != options.profile_name.getValue()) continue;
    target.profile = profile;
    target.chosen = true;
    return true;
  }
  return false;
}

bool read_overlays(const Options& options, wml::extract::Overlay& texts, std::string& why) {
  for (const std::string& overlay : options.overlays) {
    const auto [path, contents] = llvm::StringRef(overlay).rsplit('=');  // the name of a source may hold another one
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
  Options options;
  cl::HideUnrelatedOptions(options.category);
  if (!cl::ParseCommandLineOptions(argc, argv, "Facts of C and C++ units for wasm-memlint, as lines of JSON\n"))
    return 2;
  std::string why;
  const auto database = load_database(options.database_path, why);
  if (options.list_units) return list(database.get(), why);
  if (database == nullptr) return fail(why);
  wml::extract::Target target;
  if (!read_target(options, target)) return fail("\"" + options.profile_name + "\" is no target");
  wml::extract::Overlay texts;
  if (!read_overlays(options, texts, why)) return fail(why + ": it cannot be read");
  const wml::extract::UnitReader reader(*database, std::move(target), std::move(texts));
  // Deeply nested code takes deep recursion. What is not touched of the stack costs nothing.
  constexpr unsigned kStackBytes = 1U << 30;
  llvm::thread reading(std::optional<unsigned>(kStackBytes), [&reader] {
    clang::noteBottomOfStack();
    read_units(reader);
  });
  reading.join();
  return 0;
}
