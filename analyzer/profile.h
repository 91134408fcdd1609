#pragma once

#include <optional>
#include <string>

#include "analyzer/files.h"
#include "analyzer/result.h"
#include "rules/model/module_facts.h"
#include "rules/model/profile.h"

namespace wml {

/// A profile file: docs/profile.md describes it.
struct Profile {
  ProfileFacts facts;
  std::optional<std::string> sha256;  ///< of the module that was measured, in lower-case hexadecimal digits
};

Result<Profile> read_profile(const std::string& path);

/// In lower-case hexadecimal digits; nothing in a build without LLVM, whose library computes it.
std::optional<std::string> sha256_of(ByteSpan bytes);

/// The profile without what cannot be true of this module; `module.notes` says what was left out, and why.
ProfileFacts profile_for(ProfileFacts profile, ModuleFacts& module);

}  // namespace wml
