#include <algorithm>
#include <string_view>

#include "llvm_folder.h"
#include "with_argument.h"

// clangd with our checks in it. No installed header declares its main, which libclangdMain.a holds.
namespace clang::clangd {
// NOLINTNEXTLINE(readability-identifier-naming): Clang's name
int clangdMain(int argc, char** argv);
}  // namespace clang::clangd

int main(int argc, char** argv) {
  const auto sets_resources = [](std::string_view argument) { return argument.find("-resource-dir") <= 1; };
  if (std::any_of(argv + 1, argv + argc, sets_resources)) return clang::clangd::clangdMain(argc, argv);
  std::string resources = "--resource-dir=" + wml::extract::resource_folder();
  std::vector<char*> arguments = wml::extract::with_argument(argc, argv, resources);
  return clang::clangd::clangdMain(argc + 1, arguments.data());
}
