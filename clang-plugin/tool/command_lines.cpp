#include "tool/command_lines.h"

#include <cstdlib>
#include <filesystem>

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"
#include "llvm_folder.h"

namespace wml::extract {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_emscripten(TargetProfile profile) {
  return profile == TargetProfile::wasm32_emscripten || profile == TargetProfile::wasm64_emscripten;
}

bool is_64(TargetProfile profile) {
  return profile == TargetProfile::wasm64 || profile == TargetProfile::wasm64_emscripten;
}

std::string from_environment(const char* variable, const std::string& below) {
  const char* value = std::getenv(variable);
  return value == nullptr || *value == '\0' ? std::string() : std::string(value) + below;
}

/// The first of the usual places that is there; /usr is where Debian's wasi-libc puts its headers.
std::string find_sysroot(TargetProfile profile) {
  const std::vector<std::string> places =
      is_emscripten(profile) ? std::vector<std::string>{from_environment("EMSDK", "/upstream/emscripten/cache/sysroot"),
                                                        "/usr/share/emscripten/cache/sysroot"}
                             : std::vector<std::string>{from_environment("WASI_SYSROOT", ""),
                                                        from_environment("WASI_SDK_PATH", "/share/wasi-sysroot"),
                                                        "/opt/wasi-sdk/share/wasi-sysroot"};
  for (const std::string& place : places) {
    if (!place.empty() && exists(place)) return place;
  }
  return !is_emscripten(profile) && exists("/usr/include/wasm32-wasi") ? "/usr" : "";
}

/// The spelling of the target under which the sysroot keeps its headers.
std::string triple_for(TargetProfile profile, const std::string& sysroot) {
  const std::string arch = is_64(profile) ? "wasm64" : "wasm32";
  if (is_emscripten(profile)) return arch + "-unknown-emscripten";
  const std::string includes = sysroot + "/include/";
  for (const char* system : {"-wasip1", "-wasi"}) {
    const std::string triple = arch + system;
    if (exists(includes + triple)) return triple;
  }
  return arch + "-wasi";
}

/// Options that mean nothing for a wasm target or for reading only; `takes_next`: their value is an argument of its
/// own.
struct Unwanted {
  llvm::StringRef option;
  bool is_prefix = false;
  bool takes_next = false;
};

constexpr Unwanted kUnwanted[] = {{"-o", false, true},
                                  {"-c"},
                                  {"-S"},
                                  {"-pipe"},
                                  {"-MD"},
                                  {"-MMD"},
                                  {"-MP"},
                                  {"-MG"},
                                  {"-MF", false, true},
                                  {"-MT", false, true},
                                  {"-MQ", false, true},
                                  {"-MJ", false, true},
                                  {"-fplugin", true},
                                  {"-fcolor-diagnostics"},
                                  {"-fdiagnostics-", true},
                                  {"-Werror", true},
                                  {"-Weverything"},
                                  {"-fmodules", true},
                                  {"-fmodule-", true},
                                  {"-include-pch", false, true},
                                  {"-Winvalid-pch"},
                                  {"-fpch-", true},
                                  {"-ftime-trace", true},
                                  {"-fprofile", true},
                                  {"--coverage"},
                                  {"-fsanitize", true},
                                  {"-flto", true},
                                  {"-g", true},
                                  {"-fcrash-diagnostics", true},
                                  // What would write files, run other people's code, or end before there is an AST.
                                  {"-Wp,-M", true},
                                  {"-save-temps", true},
                                  {"--save-temps", true},
                                  {"-fpass-plugin", true},
                                  {"-load", false, true},
                                  {"-add-plugin", false, true},
                                  {"-plugin", false, true},
                                  {"-plugin-arg-", true, true},
                                  {"-E"},
                                  {"-M"},
                                  {"-MM"},
                                  {"--precompile"}};

constexpr Unwanted kHostOnly[] = {{"-march", true},
                                  {"-mtune", true},
                                  {"-mcpu", true},
                                  {"-mfpu", true},
                                  {"-mabi", true},
                                  {"-m64"},
                                  {"-m32"},
                                  {"-mx32"},
                                  {"-msse", true},
                                  {"-mavx", true},
                                  {"-mfma"},
                                  {"-mbmi", true},
                                  {"-maes"},
                                  {"-mpclmul"},
                                  {"-mpopcnt"},
                                  {"-mno-", true},
                                  {"-mfloat-abi", true},
                                  {"-mthumb"},
                                  {"-mmacosx", true},
                                  {"-mios", true},
                                  {"-mwindows"},
                                  {"-mcmodel", true},
                                  {"-fcf-protection", true},
                                  {"-fstack-", true},
                                  {"-arch", false, true},
                                  {"-target", false, true},
                                  {"--target", true},
                                  {"-isysroot", false, true},
                                  {"--sysroot", false, true},
                                  {"--sysroot", true},
                                  {"--gcc-toolchain", true},
                                  {"-target-cpu", false, true},
                                  {"-target-feature", false, true},
                                  {"-B", true},
                                  {"-stdlib", true},
                                  {"-specs", true},
                                  {"-fuse-ld", true}};

template <std::size_t Count>
const Unwanted* unwanted(const Unwanted (&list)[Count], llvm::StringRef argument) {
  for (const Unwanted& entry : list) {
    const bool hit = entry.is_prefix ? argument.starts_with(entry.option) : argument == entry.option;
    if (hit) return &entry;
  }
  return nullptr;
}

bool targets_wasm(const std::vector<std::string>& command) {
  const llvm::StringRef compiler = llvm::sys::path::stem(command.front());
  if (compiler == "emcc" || compiler == "em++" || compiler.starts_with("wasm32-")) return true;
  for (std::size_t i = 1; i < command.size(); ++i) {
    const llvm::StringRef argument = command[i];
    if (argument.starts_with("--target=wasm") || argument.starts_with("-target=wasm")) return true;
    if (argument == "-target" && i + 1 < command.size() && llvm::StringRef(command[i + 1]).starts_with("wasm"))
      return true;
  }
  return false;
}

bool is_cxx_driver(llvm::StringRef compiler) {
  const llvm::StringRef stem = llvm::sys::path::filename(compiler);
  return stem.contains("++") || stem.starts_with("g++") || stem == "CC" || stem == "cxx";
}

void add_target(std::vector<std::string>& out, const Target& target) {
  const std::string sysroot = target.sysroot.empty() ? find_sysroot(target.profile) : target.sysroot;
  out.push_back("--target=" + triple_for(target.profile, sysroot));
  if (!sysroot.empty()) out.push_back("--sysroot=" + sysroot);
  // emcc searches it too: its libc++ includes headers that only this folder has.
  const std::string compatible = sysroot + "/include/compat";
  if (is_emscripten(target.profile) && exists(compatible)) out.insert(out.end(), {"-isystem", compatible});
}

/// An emcc setting: -sNAME=VALUE, or -s NAME=VALUE. (-std and -shared begin with -s too.)
bool is_emcc_setting(llvm::StringRef argument) {
  return argument == "-s" || (argument.consume_front("-s") && !argument.empty() && llvm::isUpper(argument.front()));
}

/// -include, past the driver: that would take a precompiled header which lies beside the header, and which another
/// compiler made, or this one for another target.
void add_include(const std::string& header, std::vector<std::string>& out) {
  out.insert(out.end(), {"-Xclang", "-include", "-Xclang", header});
}

/// The arguments that mean something for a wasm target.
std::vector<std::string> wanted_arguments(const std::vector<std::string>& command, bool host, bool emcc) {
  std::vector<std::string> out;
  // `-Xclang X` hands X on; what X takes next is handed on as well.
  const auto next = [&command](std::size_t& i) -> std::string {
    if (i + 2 < command.size() && command[i + 1] == "-Xclang") ++i;
    return i + 1 < command.size() ? command[++i] : std::string();
  };
  for (std::size_t i = 1; i < command.size(); ++i) {
    const bool handed_on = command[i] == "-Xclang" && i + 1 < command.size();
    if (handed_on) ++i;
    const std::string& argument = command[i];
    const Unwanted* entry = unwanted(kUnwanted, argument);
    if (entry == nullptr && host) entry = unwanted(kHostOnly, argument);
    if (entry != nullptr) {
      const std::string value = entry->takes_next ? next(i) : std::string();
      const std::string header = fs::path(value).replace_extension().string();
      const bool is_named = std::ranges::find(command, header) != command.end();
      // The header that it was made of stands for a precompiled one.
      if (argument == "-include-pch" && !is_named && exists(header)) add_include(header, out);
    } else if (argument == "-include") {
      add_include(next(i), out);
    } else if (emcc && is_emcc_setting(argument)) {
      if (argument == "-s") next(i);
    } else {
      if (handed_on) out.emplace_back("-Xclang");
      out.push_back(argument);
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> retarget(const std::vector<std::string>& command, const Target& target) {
  if (command.empty()) return {};
  const llvm::StringRef compiler = llvm::sys::path::stem(command.front());
  const bool emcc = compiler == "emcc" || compiler == "em++";
  const bool keep = targets_wasm(command) && !target.chosen && !emcc;
  std::vector<std::string> out{llvm_folder() + "/bin/" + (is_cxx_driver(command.front()) ? "clang++" : "clang")};
  if (!keep) {
    Target own = target;
    if (emcc && !target.chosen) own.profile = TargetProfile::wasm32_emscripten;
    add_target(out, own);
  }
  const std::vector<std::string> wanted = wanted_arguments(command, !keep, emcc);
  out.insert(out.end(), wanted.begin(), wanted.end());
  const auto end = std::find(out.begin(), out.end(), "--");
  std::vector<std::string> added{"-fsyntax-only",
                                 "-Wno-deprecated",
                                 "-Wno-everything",  // what is an error by default, too
                                 "-w",               // and not even look for warnings
                                 "-Qunused-arguments",
                                 "-fno-caret-diagnostics",  // and no "1 error generated." either
                                 "-resource-dir=" + resource_folder()};
  added.insert(added.end(), target.extra.begin(), target.extra.end());
  out.insert(end, added.begin(), added.end());
  return out;
}

bool is_about_argument(const SourceError& error) {
  const llvm::StringRef message = error.message;
  return error.where.file.empty() &&
         (message.starts_with("unknown argument") || message.starts_with("unsupported option") ||
          message.starts_with("unsupported argument"));
}

std::vector<std::string> without_unknown(const std::vector<std::string>& command,
                                         const std::vector<SourceError>& errors) {
  std::vector<std::string> out = command;
  bool changed = false;
  for (const SourceError& error : errors) {
    const llvm::StringRef message = error.message;
    if (!is_about_argument(error)) continue;
    const llvm::StringRef name = message.split('\'').second.split('\'').first;
    changed = std::erase_if(out,
                            [&](const std::string& argument) {
                              return !name.empty() && llvm::StringRef(argument).starts_with(name);
                            }) > 0 ||
              changed;
  }
  return changed ? out : std::vector<std::string>{};
}

}  // namespace wml::extract
