#pragma once

#include <optional>
#include <string>

#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// Clang's source locations as files and offsets, which outlive the compilation.
class Places {
public:
  Places(const clang::SourceManager& sources, const clang::LangOptions& language)
      : sources_(sources), language_(language) {}

  const clang::SourceManager& sources() const { return sources_; }
  const clang::LangOptions& language() const { return language_; }

  /// Where `location` is expanded; an empty file where it is in none.
  SourceLocation of(clang::SourceLocation location) const;

  /// The text of a token range, or nothing where a macro makes a part of it.
  std::optional<SourceText> text(clang::SourceRange range) const;

  /// Whether it stands in a file that is neither a system header nor made up by the compiler.
  bool is_users(clang::SourceLocation location) const;

  /// The absolute path of a file with its links followed: the same in every unit.
  std::string path(clang::FileID file) const;

private:
  const clang::SourceManager& sources_;
  const clang::LangOptions& language_;
};

}  // namespace wml::extract
