#include "extract/library_functions.h"

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/StringMap.h"

namespace wml::extract {
namespace {

constexpr unsigned kAll = 99;

struct Known {
  llvm::StringLiteral name;
  unsigned first;  ///< arguments from here on
  unsigned last;   ///< to here
  ArgumentRole role;
};

constexpr Known kKnown[] = {
    {"memset", 0, 0, ArgumentRole::writes},      {"memcpy", 0, 0, ArgumentRole::writes},
    {"memcpy", 1, 1, ArgumentRole::reads},       {"memmove", 0, 0, ArgumentRole::writes},
    {"memmove", 1, 1, ArgumentRole::reads},      {"memcmp", 0, 1, ArgumentRole::reads},
    {"strlen", 0, 0, ArgumentRole::reads},       {"strcmp", 0, 1, ArgumentRole::reads},
    {"strncmp", 0, 1, ArgumentRole::reads},      {"strcpy", 0, 0, ArgumentRole::writes},
    {"strcpy", 1, 1, ArgumentRole::reads},       {"strncpy", 0, 0, ArgumentRole::writes},
    {"strncpy", 1, 1, ArgumentRole::reads},      {"strcat", 0, 0, ArgumentRole::writes},
    {"strcat", 1, 1, ArgumentRole::reads},       {"fread", 0, 0, ArgumentRole::outside},
    {"fwrite", 0, 0, ArgumentRole::outside},     {"fgets", 0, 0, ArgumentRole::outside},
    {"fputs", 0, 0, ArgumentRole::outside},      {"puts", 0, 0, ArgumentRole::outside},
    {"read", 1, 1, ArgumentRole::outside},       {"write", 1, 1, ArgumentRole::outside},
    {"pread", 1, 1, ArgumentRole::outside},      {"pwrite", 1, 1, ArgumentRole::outside},
    {"recv", 1, 1, ArgumentRole::outside},       {"send", 1, 1, ArgumentRole::outside},
    {"getcwd", 0, 0, ArgumentRole::outside},     {"printf", 0, kAll, ArgumentRole::outside},
    {"fprintf", 1, kAll, ArgumentRole::outside}, {"snprintf", 0, kAll, ArgumentRole::outside},
    {"sprintf", 0, kAll, ArgumentRole::outside}, {"sscanf", 0, 0, ArgumentRole::outside},
    {"atoi", 0, 0, ArgumentRole::outside},       {"atof", 0, 0, ArgumentRole::outside},
    {"fopen", 0, 1, ArgumentRole::outside},      {"open", 0, 0, ArgumentRole::outside},
    {"unlink", 0, 0, ArgumentRole::outside},     {"qsort", 0, 0, ArgumentRole::outside},
};

/// The name of a function of the C library, without what fortified headers put in front of it; empty for others.
llvm::StringRef library_name(const clang::FunctionDecl& function) {
  if (function.getIdentifier() == nullptr || llvm::isa<clang::CXXMethodDecl>(function)) return {};
  const bool in_library = function.isExternC() || function.isInStdNamespace();
  if (!in_library || function.getFormalLinkage() != clang::Linkage::External) return {};
  llvm::StringRef name = function.getName();
  name.consume_front("__builtin_");
  return name;
}

}  // namespace

ArgumentRole role_of_argument(const clang::FunctionDecl& function, unsigned position) {
  const llvm::StringRef name = library_name(function);
  for (const Known& known : kKnown) {
    if (known.name == name && position >= known.first && position <= known.last) return known.role;
  }
  return ArgumentRole::unknown;
}

bool is_of_std(const clang::FunctionDecl& function) {
  return function.getDeclContext()->getEnclosingNamespaceContext()->isStdNamespace();
}

// A unit that defines one of them is an allocator.
bool is_release(const clang::FunctionDecl& function) {
  return library_name(function) == "free" && !function.isDefined();
}
bool is_malloc(const clang::FunctionDecl& function) {
  return library_name(function) == "malloc" && !function.isDefined();
}
bool is_calloc(const clang::FunctionDecl& function) {
  return library_name(function) == "calloc" && !function.isDefined();
}

}  // namespace wml::extract
