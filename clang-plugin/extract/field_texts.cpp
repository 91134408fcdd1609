#include "extract/field_texts.h"

#include <algorithm>
#include <set>
#include <vector>

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"

// The body of the record is lexed again, with its comments, and cut into declarations: at semicolons outside of all
// brackets, behind the bodies of functions and behind access specifiers, which the AST knows. A comment belongs to the
// declaration that follows it without an empty line, or to the one on whose last line it begins. Those that begin or
// end a group of a documentation ("/// @{") belong to none, and stay where they are.

namespace wml::extract {
namespace {

struct Piece {
  unsigned begin = 0;
  unsigned end = 0;
  unsigned fields = 0;
};

/// Doxygen's @{ and @}, in a comment.
bool marks_group(llvm::StringRef comment) {
  return comment.contains("@{") || comment.contains("@}") || comment.contains("\\{") || comment.contains("\\}");
}

class RecordReader {
public:
  RecordReader(const clang::RecordDecl& record, const Places& places)
      : record_(record), places_(places), sources_(places.sources()) {}

  RecordTexts read() {
    RecordTexts texts;
    const clang::SourceRange braces = record_.getBraceRange();
    if (braces.isInvalid() || braces.getBegin().isMacroID() || braces.getEnd().isMacroID()) return texts;
    file_ = sources_.getFileID(braces.getBegin());
    if (file_ != sources_.getFileID(braces.getEnd())) return texts;
    buffer_ = sources_.getBufferData(file_);
    begin_ = sources_.getFileOffset(braces.getBegin()) + 1;
    end_ = sources_.getFileOffset(braces.getEnd());
    if (begin_ > end_ || end_ > buffer_.size()) return texts;
    find_boundaries();
    cut(texts);
    assign(texts);
    return texts;
  }

private:
  void find_boundaries() {
    for (const clang::Decl* member : record_.decls()) {
      if (const auto* access = llvm::dyn_cast<clang::AccessSpecDecl>(member)) add_boundary(access->getColonLoc());
      const clang::Decl* inner = member;
      if (const auto* shape = llvm::dyn_cast<clang::FunctionTemplateDecl>(member)) inner = shape->getTemplatedDecl();
      if (const auto* befriended = llvm::dyn_cast<clang::FriendDecl>(member)) inner = befriended->getFriendDecl();
      const auto* function = llvm::dyn_cast_or_null<clang::FunctionDecl>(inner);
      if (function != nullptr && function->doesThisDeclarationHaveABody()) add_boundary(function->getEndLoc());
    }
  }

  void add_boundary(clang::SourceLocation location) {
    if (location.isFileID() && sources_.getFileID(location) == file_)
      boundaries_.insert(sources_.getFileOffset(location));
  }

  /// Fills in `pieces_` and `comments_`.
  void cut(RecordTexts& texts) {
    const clang::SourceLocation start = sources_.getLocForStartOfFile(file_);
    clang::Lexer lexer(start, places_.language(), buffer_.begin(), buffer_.begin() + begin_, buffer_.end());
    lexer.SetCommentRetentionState(true);
    int depth = 0;
    bool open = false;
    Piece piece;
    clang::Token token;
    bool names_directive = false;
    while (!lexer.LexFromRawLexer(token)) {
      const unsigned at = sources_.getFileOffset(token.getLocation());
      if (at >= end_) break;
      const unsigned behind = at + token.getLength();
      if (token.is(clang::tok::comment)) {
        if (!open) comments_.push_back({at, behind});
        continue;
      }
      if (names_directive) *texts.directive += buffer_.slice(at, behind);
      names_directive = token.is(clang::tok::hash) && token.isAtStartOfLine() && !texts.directive;
      if (names_directive) texts.directive = "#";
      if (!open) {
        if (!pieces_.empty()) take_trailing_comments(pieces_.back());
        piece = {with_comments_before(at), 0};
      }
      open = true;
      if (token.isOneOf(clang::tok::l_brace, clang::tok::l_paren, clang::tok::l_square)) ++depth;
      if (token.isOneOf(clang::tok::r_brace, clang::tok::r_paren, clang::tok::r_square)) --depth;
      const bool ends = boundaries_.contains(at) || (depth == 0 && token.is(clang::tok::semi));
      if (!ends) continue;
      piece.end = behind;
      pieces_.push_back(piece);
      open = false;
      depth = 0;
    }
    if (!pieces_.empty()) take_trailing_comments(pieces_.back());
  }

  /// The start of the comments that stand directly above `at`, each on lines of its own.
  unsigned with_comments_before(unsigned at) const {
    unsigned begin = at;
    for (std::size_t i = comments_.size(); i-- > 0;) {
      const auto [from, to] = comments_[i];
      if (to > begin || (!pieces_.empty() && from < pieces_.back().end)) break;
      if (lines_between(to, begin) > 1 || is_behind_code(from) || marks_group(buffer_.slice(from, to))) break;
      begin = from;
    }
    return begin;
  }

  unsigned lines_between(unsigned from, unsigned to) const {
    return static_cast<unsigned>(buffer_.slice(from, to).count('\n'));
  }

  bool is_behind_code(unsigned at) const { return !buffer_.slice(line_begin(at), at).trim(" \t\r").empty(); }

  unsigned line_begin(unsigned at) const {
    const std::size_t newline = buffer_.rfind('\n', at == 0 ? 0 : at - 1);
    return newline == llvm::StringRef::npos || newline >= at ? 0 : static_cast<unsigned>(newline + 1);
  }

  unsigned line_end(unsigned at) const {
    const std::size_t newline = buffer_.find('\n', at);
    return newline == llvm::StringRef::npos ? static_cast<unsigned>(buffer_.size()) : static_cast<unsigned>(newline);
  }

  /// A comment on the last line of a piece is its own, and the lines below that go on in the same column.
  void take_trailing_comments(Piece& piece) const {
    std::optional<unsigned> column;
    for (const auto& [from, to] : comments_) {
      if (from < piece.end) continue;
      if (marks_group(buffer_.slice(from, to))) break;
      const unsigned lines = lines_between(piece.end, from);
      const unsigned own_column = from - line_begin(from);
      const bool same_line = lines == 0 && !column;
      const bool goes_on =
          column && lines == 1 && own_column == *column && !is_behind_code(from) && buffer_.substr(from, 2) == "//";
      if ((!same_line && !goes_on) || !buffer_.slice(piece.end, from).trim(" \t\r\n").empty()) break;
      piece.end = to;
      column = column.value_or(own_column);
    }
  }

  Piece* piece_at(unsigned offset) {
    for (Piece& piece : pieces_) {
      if (offset >= piece.begin && offset < piece.end) return &piece;
    }
    return nullptr;
  }

  /// The number of markers of groups before `offset`.
  std::uint32_t group_at(unsigned offset) const {
    return static_cast<std::uint32_t>(std::ranges::count_if(comments_, [&](const auto& comment) {
      return comment.first < offset && marks_group(buffer_.slice(comment.first, comment.second));
    }));
  }

  void assign(RecordTexts& texts) {
    const auto piece_of = [this](const clang::FieldDecl* field) -> Piece* {
      const clang::SourceLocation location = field->getLocation();
      if (location.isMacroID() || sources_.getFileID(location) != file_) return nullptr;
      return piece_at(sources_.getFileOffset(location));
    };
    for (const clang::FieldDecl* field : record_.fields()) {
      if (Piece* piece = piece_of(field)) ++piece->fields;
    }
    // Where declarations share a line, one with a // comment would put others behind it.
    const bool all_own_lines = std::ranges::all_of(
        pieces_, [&](const Piece& piece) { return piece.fields == 0 || has_lines_to_itself(piece); });
    for (const clang::FieldDecl* field : record_.fields()) {
      const Piece* piece = piece_of(field);
      if (piece == nullptr) continue;
      const llvm::StringRef text = buffer_.slice(piece->begin, piece->end);
      const bool movable = all_own_lines || !text.contains("//");
      texts.fields[field] = {{piece->begin, text.str()}, piece->fields == 1 && movable, group_at(piece->begin)};
    }
  }

  bool has_lines_to_itself(const Piece& piece) const {
    return !is_behind_code(piece.begin) && buffer_.slice(piece.end, line_end(piece.end)).trim(" \t\r").empty() &&
           line_end(piece.end) <= line_end(end_);
  }

  const clang::RecordDecl& record_;
  const Places& places_;
  const clang::SourceManager& sources_;
  clang::FileID file_;
  llvm::StringRef buffer_;
  unsigned begin_ = 0;
  unsigned end_ = 0;
  std::set<unsigned> boundaries_;  // offsets of tokens that end a piece
  std::vector<Piece> pieces_;
  std::vector<std::pair<unsigned, unsigned>> comments_;  // [from, to) of those between pieces
};

}  // namespace

RecordTexts read_record_texts(const clang::RecordDecl& record, const Places& places) {
  return RecordReader(record, places).read();
}

}  // namespace wml::extract
