#pragma once

#include <map>
#include <string>

#include "clang/Tooling/CompilationDatabase.h"
#include "rules/model/source_facts.h"
#include "tool/command_lines.h"

namespace wml::extract {

/// Texts that stand for the contents of files on disk, by path.
using Overlay = std::map<std::string, std::string>;

/// Reads units that a compilation database names.
class UnitReader {
public:
  UnitReader(const clang::tooling::CompilationDatabase& database, Target target, Overlay overlay)
      : database_(database), target_(std::move(target)), overlay_(std::move(overlay)) {}

  /// The facts of a unit. What the compiler rejects is in its errors; facts of what it could read are there all the
  /// same.
  SourceFacts read(const std::string& unit) const;

private:
  const clang::tooling::CompilationDatabase& database_;
  Target target_;
  Overlay overlay_;
};

}  // namespace wml::extract
