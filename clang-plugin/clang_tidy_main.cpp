#include "llvm_folder.h"
#include "with_argument.h"

// clang-tidy with our checks in it. No installed header declares its main, which libclangTidyMain.a holds.
namespace clang::tidy {
// NOLINTNEXTLINE(readability-identifier-naming): Clang's name
int clangTidyMain(int argc, const char** argv);
}  // namespace clang::tidy

int main(int argc, char** argv) {
  std::string resources = "--extra-arg-before=-resource-dir=" + wml::extract::resource_folder();
  std::vector<char*> arguments = wml::extract::with_argument(argc, argv, resources);
  return clang::tidy::clangTidyMain(argc + 1, const_cast<const char**>(arguments.data()));
}
