#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/result.h"
#include "rules/model/finding.h"

namespace wml {

/// Texts of files, by path.
using FileTexts = std::map<std::string, std::string>;

/// Whether two edits are in each other's way: their ranges share a byte, or two insertions their place.
bool overlap(const Edit& a, const Edit& b);

/// The files that the edits change, as they are once all edits are made. Errors: a file cannot be read, an edit is
/// outside of it, or two edits overlap.
Result<FileTexts> apply_edits(const std::vector<Edit>& edits);

/// Replaces the contents of all files, or of none: where one cannot be written the others are put back. `before` is
/// what they must hold; a file that was changed meanwhile is an error.
Result<bool> write_files(const FileTexts& before, const FileTexts& after);

Result<std::string> read_text(const std::string& path);

/// What changes between two texts of a file, as `diff -u` writes it.
std::string unified_diff(const std::string& path, const std::string& before, const std::string& after);

}  // namespace wml
