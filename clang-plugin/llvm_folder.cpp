#include "llvm_folder.h"

#include <filesystem>

#include "clang/Options/OptionUtils.h"
#include "llvm/ADT/StringRef.h"

#include <dlfcn.h>

namespace wml::extract {

namespace fs = std::filesystem;

std::string llvm_folder() {
  Dl_info info;
  std::string (*known)(llvm::StringRef) = &clang::GetResourcesPath;
  if (dladdr(reinterpret_cast<const void*>(known), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  const fs::path folder = fs::canonical(info.dli_fname, ignored).parent_path();
  // Debian keeps the library itself outside of it.
  for (const fs::path& place : {folder.parent_path(), folder.parent_path() / "llvm-22"}) {
    if (fs::exists(place / "lib/clang/22/include", ignored)) return place.string();
  }
  return {};
}

std::string resource_folder() { return llvm_folder() + "/lib/clang/22"; }

}  // namespace wml::extract
