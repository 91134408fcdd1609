#include "extract/list_text.h"

#include <algorithm>

#include "clang/Lex/Lexer.h"

namespace wml::extract {

bool holds_elements_only(clang::SourceLocation begin, const std::vector<InitialiserElement>& elements,
                         const Places& places) {
  if (begin.isMacroID() || elements.empty()) return false;
  const clang::SourceManager& sources = places.sources();
  const auto [file, offset] = sources.getDecomposedLoc(begin);
  const llvm::StringRef buffer = sources.getBufferData(file);
  const auto inside_element = [&](unsigned at) {
    return std::ranges::any_of(elements, [&](const InitialiserElement& element) {
      return at >= element.extent.offset && at < element.extent.offset + element.extent.text.size();
    });
  };
  std::uint64_t first = elements.front().extent.offset;
  std::uint64_t end = 0;
  for (const InitialiserElement& element : elements) {
    first = std::min(first, element.extent.offset);
    end = std::max(end, element.extent.offset + element.extent.text.size());
  }
  if (offset > first || end > buffer.size()) return false;
  clang::Lexer lexer(sources.getLocForStartOfFile(file), places.language(), buffer.begin(), buffer.begin() + offset,
                     buffer.end());
  lexer.SetCommentRetentionState(true);
  bool only_elements = true;
  clang::Token token;
  while (!lexer.LexFromRawLexer(token)) {
    const unsigned at = sources.getFileOffset(token.getLocation());
    const bool is_comment = token.is(clang::tok::comment);
    if (at >= end && !is_comment && token.isNot(clang::tok::comma)) break;
    // What stands before the colon belongs to the constructor's parameters.
    if (at < first && token.is(clang::tok::colon)) only_elements = true;
    const bool is_directive = token.is(clang::tok::hash) && token.isAtStartOfLine();
    if (is_directive || (is_comment && !inside_element(at))) only_elements = false;
  }
  return only_elements;
}

bool is_brace(clang::SourceLocation location, const Places& places) {
  if (location.isInvalid()) return false;
  bool invalid = false;
  const char* at = places.sources().getCharacterData(places.sources().getSpellingLoc(location), &invalid);
  return !invalid && (*at == '{' || (at[0] == '<' && at[1] == '%') || (at[0] == '?' && at[1] == '?'));
}

}  // namespace wml::extract
