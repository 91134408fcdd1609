#include "extract/suppressions.h"

#include <set>

#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Lex/Lexer.h"
#include "extract/users_declarations.h"
#include "llvm/ADT/StringExtras.h"

namespace wml::extract {
namespace {

constexpr llvm::StringRef kAllow = "wasm-memlint:";
constexpr llvm::StringRef kNolint = "NOLINT";

/// The text between the parentheses that `text` begins with, or nothing where it begins with none that close in its
/// line.
std::optional<llvm::StringRef> in_parentheses(llvm::StringRef text) {
  if (!text.starts_with("(")) return std::nullopt;
  const std::size_t end = text.find_first_of("\n)");
  if (end == llvm::StringRef::npos || text[end] != ')') return std::nullopt;
  return text.slice(1, end);
}

std::vector<std::string> split_list(llvm::StringRef list) {
  llvm::SmallVector<llvm::StringRef> parts;
  list.split(parts, ',', -1, false);
  std::vector<std::string> globs;
  for (const llvm::StringRef part : parts) {
    if (!part.trim().empty()) globs.push_back(part.trim().str());
  }
  return globs;
}

/// The comments of one file, in order.
class FileComments {
public:
  FileComments(clang::FileID file, const Places& places, std::vector<SuppressionFact>& out)
      : file_(file), places_(places), out_(out) {}

  void read() {
    const clang::SourceManager& sources = places_.sources();
    const llvm::StringRef text = sources.getBufferData(file_);
    if (!text.contains(kAllow) && !text.contains(kNolint)) return;
    clang::Lexer lexer(sources.getLocForStartOfFile(file_), places_.language(), text.begin(), text.begin(), text.end());
    lexer.SetCommentRetentionState(true);
    clang::Token token;
    for (bool at_end = false; !at_end;) {
      at_end = lexer.LexFromRawLexer(token);
      const unsigned offset = sources.getFileOffset(token.getLocation());
      if (token.is(clang::tok::comment)) {
        own_line_ = token.isAtStartOfLine();
        add_allow(text.substr(offset, token.getLength()), offset);
        add_nolints(text.substr(offset, token.getLength()), offset);
      } else {
        reach_code(sources.getLineNumber(file_, offset));
      }
    }
  }

private:
  SuppressionFact& add(SuppressionKind kind, unsigned offset) {
    SuppressionFact& fact = out_.emplace_back();
    fact.kind = kind;
    fact.where = places_.of(places_.sources().getLocForStartOfFile(file_).getLocWithOffset(static_cast<int>(offset)));
    fact.first_line = fact.last_line = fact.where.line;
    return fact;
  }

  /// `wasm-memlint: allow(RULE, RULE) REASON`, for its own line; on a line without code for the next that has some.
  void add_allow(llvm::StringRef comment, unsigned offset) {
    const std::size_t begin = comment.find(kAllow);
    if (begin == llvm::StringRef::npos) return;
    llvm::StringRef rest = comment.substr(begin + kAllow.size()).ltrim();
    if (!rest.consume_front("allow")) return;
    rest = rest.ltrim();
    const auto list = in_parentheses(rest);
    if (!list) return;
    llvm::StringRef reason = rest.substr(list->size() + 2).split('\n').first;
    if (comment.starts_with("/*")) reason.consume_back("*/");
    SuppressionFact& fact = add(SuppressionKind::allow, offset + static_cast<unsigned>(begin));
    fact.rules = split_list(*list);
    fact.reason = reason.trim(" \t\r:-").str();
    if (own_line_) waiting_.push_back(out_.size() - 1);
  }

  void add_nolints(llvm::StringRef comment, unsigned offset) {
    for (std::size_t at = comment.find(kNolint); at != llvm::StringRef::npos; at = comment.find(kNolint, at + 1)) {
      const llvm::StringRef rest = comment.substr(at + kNolint.size());
      const llvm::StringRef suffix = rest.take_while([](char c) { return llvm::isAlpha(c); });
      const auto list = in_parentheses(rest.substr(suffix.size()));
      add_nolint(suffix, list.value_or("*"), offset + static_cast<unsigned>(at));
    }
  }

  void add_nolint(llvm::StringRef suffix, llvm::StringRef list, unsigned offset) {
    if (suffix == "END") {
      end_block(split_list(list), places_.sources().getLineNumber(file_, offset));
      return;
    }
    if (!suffix.empty() && suffix != "NEXTLINE" && suffix != "BEGIN") return;
    SuppressionFact& fact = add(SuppressionKind::nolint, offset);
    fact.rules = split_list(list);
    if (suffix == "NEXTLINE") fact.first_line = fact.last_line = fact.where.line + 1;
    if (suffix != "BEGIN") return;
    fact.last_line = 0;  // for no line until its end is found
    open_blocks_.push_back(out_.size() - 1);
  }

  /// Ends the block that was begun last, if it is for the same rules; as in clang-tidy one without an end is for
  /// nothing.
  void end_block(const std::vector<std::string>& rules, unsigned line) {
    if (open_blocks_.empty() || out_[open_blocks_.back()].rules != rules) return;
    out_[open_blocks_.back()].last_line = line;
    open_blocks_.pop_back();
  }

  void reach_code(unsigned line) {
    for (const std::size_t fact : waiting_) out_[fact].last_line = line;
    waiting_.clear();
  }

  clang::FileID file_;
  const Places& places_;
  std::vector<SuppressionFact>& out_;
  std::vector<std::size_t> waiting_;  // for the line of the next code
  std::vector<std::size_t> open_blocks_;
  bool own_line_ = false;
};

void add_files(const clang::Decl& declaration, const Places& places, std::set<clang::FileID>& files) {
  if (places.is_users(declaration.getLocation()))
    files.insert(places.sources().getFileID(places.sources().getExpansionLoc(declaration.getLocation())));
  // `extern "C" {` and `namespace x {` around an #include.
  if (!llvm::isa<clang::LinkageSpecDecl, clang::NamespaceDecl>(declaration)) return;
  for (const clang::Decl* inner : clang::Decl::castToDeclContext(&declaration)->decls())
    add_files(*inner, places, files);
}

}  // namespace

std::vector<SuppressionFact> read_suppressions(clang::ASTContext& context, const Places& places) {
  std::set<clang::FileID> files;
  for (const clang::Decl* declaration : users_declarations(context, places)) add_files(*declaration, places, files);
  std::vector<SuppressionFact> found;
  for (const clang::FileID file : files) FileComments(file, places, found).read();
  return found;
}

}  // namespace wml::extract
