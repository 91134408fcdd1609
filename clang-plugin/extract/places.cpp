#include "extract/places.h"

#include "clang/Basic/FileManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

namespace wml::extract {

SourceLocation Places::of(clang::SourceLocation location) const {
  SourceLocation place;
  if (location.isInvalid()) return place;
  const auto [file, offset] = sources_.getDecomposedExpansionLoc(location);
  place.file = path(file);
  place.offset = offset;
  place.line = sources_.getLineNumber(file, offset);
  place.column = sources_.getColumnNumber(file, offset);
  return place;
}

std::optional<SourceText> Places::text(clang::SourceRange range) const {
  if (range.isInvalid() || range.getBegin().isMacroID() || range.getEnd().isMacroID()) return std::nullopt;
  const auto [file, begin] = sources_.getDecomposedLoc(range.getBegin());
  const auto [end_file, last] = sources_.getDecomposedLoc(range.getEnd());
  const unsigned end = last + clang::Lexer::MeasureTokenLength(range.getEnd(), sources_, language_);
  const llvm::StringRef buffer = sources_.getBufferData(file);
  if (file != end_file || begin > end || end > buffer.size()) return std::nullopt;
  return SourceText{begin, buffer.substr(begin, end - begin).str()};
}

bool Places::is_users(clang::SourceLocation location) const {
  if (location.isInvalid()) return false;
  const clang::SourceLocation expansion = sources_.getExpansionLoc(location);
  return !sources_.isInSystemHeader(expansion) && sources_.getFileEntryForID(sources_.getFileID(expansion)) != nullptr;
}

std::string Places::path(clang::FileID file) const {
  const clang::OptionalFileEntryRef entry = sources_.getFileEntryRefForID(file);
  if (!entry) return {};
  const llvm::StringRef real = entry->getFileEntry().tryGetRealPathName();
  if (!real.empty()) return real.str();
  llvm::SmallString<256> path(entry->getName());
  sources_.getFileManager().makeAbsolutePath(path);
  llvm::sys::path::remove_dots(path, true);
  return path.str().str();
}

}  // namespace wml::extract
