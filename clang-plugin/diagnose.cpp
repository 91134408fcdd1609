#include "diagnose.h"

#include "clang/Basic/FileManager.h"
#include "extract/places.h"

namespace wml::extract {
namespace {

/// Facts name files by the path that Places gives them; this is the way back.
clang::SourceLocation location_of(const std::string& file, std::uint64_t offset, const clang::SourceManager& sources) {
  clang::FileID id;
  if (Places(sources, {}).path(sources.getMainFileID()) == file) {
    id = sources.getMainFileID();
  } else if (const auto entry = sources.getFileManager().getOptionalFileRef(file)) {
    id = sources.translateFile(*entry);
  }
  if (id.isInvalid() || offset > sources.getBufferData(id).size()) return {};
  return sources.getLocForStartOfFile(id).getLocWithOffset(static_cast<clang::SourceLocation::IntTy>(offset));
}

/// All edits of a fix, or none where one of them is in a file that this unit does not read.
std::vector<clang::FixItHint> hints_of(const Fix& fix, const clang::SourceManager& sources) {
  std::vector<clang::FixItHint> hints;
  for (const Edit& edit : fix.edits) {
    const clang::SourceLocation begin = location_of(edit.file, edit.offset, sources);
    const clang::SourceLocation end = location_of(edit.file, edit.offset + edit.length, sources);
    if (begin.isInvalid() || end.isInvalid()) return {};
    hints.push_back(clang::FixItHint::CreateReplacement(clang::CharSourceRange::getCharRange(begin, end), edit.text));
  }
  return hints;
}

}  // namespace

void diagnose_finding(const Finding& finding, const clang::SourceManager& sources, Diagnose diagnose) {
  using Level = clang::DiagnosticIDs::Level;
  const auto place = [&](const SourceLocation& where) { return location_of(where.file, where.offset, sources); };
  const clang::SourceLocation where = place(*finding.where.source);
  {
    // It is sent where the builder ends.
    const clang::DiagnosticBuilder warning = diagnose(where, Level::Warning);
    warning << finding.message;
    if (finding.fix) {
      for (const clang::FixItHint& hint : hints_of(*finding.fix, sources)) warning << hint;
    }
  }
  if (!finding.help.empty()) diagnose(where, Level::Note) << finding.help;
  for (const Note& note : finding.notes) diagnose(place(note.where), Level::Note) << note.message;
}

}  // namespace wml::extract
