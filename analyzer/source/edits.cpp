#include "analyzer/source/edits.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace wml {
namespace {

namespace fs = std::filesystem;

bool write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return !file.fail();
}

std::string temporary_path(const std::string& path) { return path + ".wasm-memlint-tmp"; }

void remove_temporaries(const FileTexts& files) {
  std::error_code ignored;
  for (const auto& [path, text] : files) fs::remove(temporary_path(path), ignored);
}

/// Puts the contents beside each file, with the file's own permissions.
Result<bool> stage(const FileTexts& after) {
  for (const auto& [path, text] : after) {
    std::error_code failed;
    if (!write_text(temporary_path(path), text))
      return Error{fmt::format("{}: it cannot be written", temporary_path(path)), std::nullopt};
    fs::permissions(temporary_path(path), fs::status(path, failed).permissions(), failed);
  }
  return true;
}

/// Lines that are put before one place do not disturb each other.
bool inserts_lines(const Edit& edit) {
  const std::size_t last = edit.text.find_last_not_of(" \t");
  return edit.length == 0 && last != std::string::npos && edit.text[last] == '\n';
}

}  // namespace

bool overlap(const Edit& a, const Edit& b) {
  if (a.file != b.file) return false;
  if (a.offset == b.offset && inserts_lines(a) && inserts_lines(b)) return false;
  if (a.offset == b.offset && (a.length == 0) == (b.length == 0)) return true;
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Error{path + ": it cannot be read", std::nullopt};
  return text.str();
}

Result<FileTexts> apply_edits(const std::vector<Edit>& edits) {
  std::vector<Edit> sorted = edits;
  std::ranges::stable_sort(sorted, [](const Edit& a, const Edit& b) {
    return std::tie(a.file, a.offset, a.length) < std::tie(b.file, b.offset, b.length);
  });
  FileTexts texts;
  for (std::size_t i = sorted.size(); i-- > 0;) {  // from the end: offsets before it stay true
    const Edit& edit = sorted[i];
    if (i > 0 && overlap(sorted[i - 1], edit))
      return Error{fmt::format("{}: two edits at offset {} are in each other's way", edit.file, edit.offset),
                   std::nullopt};
    auto place = texts.find(edit.file);
    if (place == texts.end()) {
      WML_TRY(std::string text, read_text(edit.file));
      place = texts.emplace(edit.file, std::move(text)).first;
    }
    std::string& text = place->second;
    if (edit.offset + edit.length > text.size())
      return Error{fmt::format("{}: an edit at offset {} is behind its end", edit.file, edit.offset), std::nullopt};
    text.replace(edit.offset, edit.length, edit.text);
  }
  return texts;
}

Result<bool> write_files(const FileTexts& before, const FileTexts& after) {
  for (const auto& [path, text] : before) {
    WML_TRY(const std::string now, read_text(path));
    if (now != text) return Error{path + ": it was changed meanwhile; run again", std::nullopt};
  }
  if (const auto staged = stage(after); !staged.ok()) {
    remove_temporaries(after);
    return staged.error();
  }
  std::vector<std::string> done;
  for (const auto& [path, text] : after) {
    std::error_code failed;
    fs::rename(temporary_path(path), path, failed);
    if (!failed) {
      done.push_back(path);
      continue;
    }
    for (const std::string& written : done) write_text(written, before.at(written));
    remove_temporaries(after);
    return Error{fmt::format("{}: it cannot be replaced ({}); nothing was changed", path, failed.message()),
                 std::nullopt};
  }
  return true;
}

}  // namespace wml
