#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "analyzer/source/edits.h"

// A line-based longest common subsequence between the first and the last line that differ; edits are small, and what is
// the same before and behind them costs nothing.

namespace wml {
namespace {

constexpr std::size_t kContextLines = 3;

/// Lines with their ends; the last one may have none.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct DiffLine {
  char mark;  // ' ', '-' or '+'
  std::string_view text;
  std::size_t old_line, new_line;  // from 1, of the next line on each side
};

using Lines = std::vector<std::string_view>;

std::vector<DiffLine> diff_lines(const Lines& before, const Lines& after) {
  std::size_t head = 0, tail = 0;
  const std::size_t most = std::min(before.size(), after.size());
  while (head < most && before[head] == after[head]) ++head;
  while (tail < most - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  const std::size_t rows = before.size() - head - tail, columns = after.size() - head - tail;
  // common[i][j]: lines in common from row i and column j on.
  std::vector<std::vector<std::uint32_t>> common(rows + 1, std::vector<std::uint32_t>(columns + 1));
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      common[i][j] = before[head + i] == after[head + j] ? common[i + 1][j + 1] + 1
                                                         : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<DiffLine> lines;
  std::size_t i = 0, j = 0;
  const auto add = [&](char mark) {
    lines.push_back({mark, mark == '+' ? after[j] : before[i], i + 1, j + 1});
    i += mark != '+' ? 1 : 0;
    j += mark != '-' ? 1 : 0;
  };
  while (i < before.size() || j < after.size()) {
    const bool in_middle = i >= head && i < head + rows && j >= head && j < head + columns;
    if (i < head || (i >= head + rows && j >= head + columns)) {
      add(' ');
    } else if (in_middle && before[i] == after[j]) {
      add(' ');
    } else if (j >= head + columns || (i < head + rows && common[i - head + 1][j - head] >= common[i - head][j - head + 1])) {
      add('-');
    } else {
      add('+');
    }
  }
  return lines;
}

}  // namespace

std::string unified_diff(const std::string& path, const std::string& before, const std::string& after) {
  const std::vector<DiffLine> lines = diff_lines(lines_of(before), lines_of(after));
  std::string text = fmt::format("--- {}\n+++ {}\n", path, path);
  const auto changes = [](const DiffLine& line) { return line.mark != ' '; };
  for (auto at = std::ranges::find_if(lines, changes); at != lines.end();) {
    // A hunk goes on while the next change is within the context of this one.
    auto last = at;
    for (auto next = at; next != lines.end(); next = std::find_if(next + 1, lines.end(), changes)) {
      if (static_cast<std::size_t>(next - last) > 2 * kContextLines + 1) break;
      last = next;
    }
    const auto begin = at - std::min<std::ptrdiff_t>(kContextLines, at - lines.begin());
    const auto end = last + std::min<std::ptrdiff_t>(kContextLines + 1, lines.end() - last);
    const auto olds = std::count_if(begin, end, [](const DiffLine& line) { return line.mark != '+'; });
    const auto news = std::count_if(begin, end, [](const DiffLine& line) { return line.mark != '-'; });
    text += fmt::format("@@ -{},{} +{},{} @@\n", begin->old_line, olds, begin->new_line, news);
    for (auto line = begin; line != end; ++line) {
      text += line->mark;
      text += line->text;
      if (!line->text.ends_with('\n')) text += "\n\\ No newline at end of file\n";
    }
    at = std::find_if(end, lines.end(), changes);
  }
  return text;
}

}  // namespace wml
