#pragma once

#include <string>
#include <vector>

#include "rules/model/source_facts.h"

namespace wml::extract {

/// What units are to be analysed as.
struct Target {
  TargetProfile profile = TargetProfile::wasm32;
  bool chosen = false;             ///< by the user: commands of another target are retargeted
  std::string sysroot;             ///< empty: of the SDK that is installed, where one is found
  std::vector<std::string> extra;  ///< further arguments, put last
};

/// A compiler's command as arguments for Clang's syntax check of the same unit for a wasm target. Commands for wasm
/// keep their target; of host commands what belongs to the host's processor, linker and other compilers is left out.
std::vector<std::string> retarget(const std::vector<std::string>& command, const Target& target);

/// Whether it is the driver that does not know an argument, or not for the target.
bool is_about_argument(const SourceError& error);

/// `command` without the arguments that an error of Clang's driver names ("unknown argument: '-fgcse'"), or empty when
/// there is none.
std::vector<std::string> without_unknown(const std::vector<std::string>& command,
                                         const std::vector<SourceError>& errors);

}  // namespace wml::extract
