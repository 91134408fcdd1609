#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analyzer/result.h"
#include "rules/model/source_facts.h"

/// wasm-memlint-extract, the program that knows Clang, as processes: a unit that ends one takes no other along.
namespace wml {

/// What is asked of the extractors.
struct ExtractRequest {
  std::string build;                   ///< a folder with compile_commands.json, or that file; empty: no database
  std::string target;                  ///< a TargetProfile's name; empty: as the commands say, or wasm32
  std::string sysroot;                 ///< empty: found by the extractor
  std::vector<std::string> arguments;  ///< further ones for the compiler
  std::vector<std::pair<std::string, std::string>> overlay;  ///< file, and a file whose contents stand for its own
  unsigned jobs = 1;
  unsigned timeout_seconds = 120;  ///< for one unit
};

/// The units of the compilation database.
Result<std::vector<std::string>> list_units(const ExtractRequest& request);

/// The facts of each unit, in the order of `units`. A unit that could not be read, that ended its process or took too
/// long has an error that says so.
Result<std::vector<SourceFacts>> extract_units(const ExtractRequest& request, const std::vector<std::string>& units);

}  // namespace wml
