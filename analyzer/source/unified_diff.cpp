#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "analyzer/source/edits.h"

// Myers' greedy algorithm over lines ("An O(ND) difference algorithm", 1986): the shortest list of removals and
// additions, in time by how many there are and not by how long the file is. An amalgamation of 250,000 lines of which
// ten change in places far apart costs what reading it costs.

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

std::size_t at(std::ptrdiff_t index) { return static_cast<std::size_t>(index); }

/// How diagonal k is entered by the d-th change: at how many lines of `before`, and whether that removed one.
std::pair<std::ptrdiff_t, bool> step_before(const std::vector<std::ptrdiff_t>& reached, std::ptrdiff_t d,
                                            std::ptrdiff_t k) {
  const auto on = [&](std::ptrdiff_t diagonal) {
    return diagonal < -(d - 1) || diagonal > d - 1 ? -1 : reached[at(d - 1 + diagonal)];
  };
  const bool adds = k == -d || (k != d && on(k - 1) < on(k + 1));
  return adds ? std::pair(on(k + 1), false) : std::pair(on(k - 1) + 1, true);
}

/// So many changed lines are compared line by line; of more than that, all are removed and added again.
constexpr std::ptrdiff_t kMostChanges = 4000;

/// reached[d][d + k]: how many lines of `before` lie behind d changes on the diagonal k (lines of `before` minus lines
/// of `after`). Empty when more than kMostChanges are needed.
std::vector<std::vector<std::ptrdiff_t>> search(const Lines& before, const Lines& after) {
  const auto rows = std::ssize(before), columns = std::ssize(after);
  std::vector<std::vector<std::ptrdiff_t>> reached;
  for (std::ptrdiff_t d = 0; d <= std::min(rows + columns, kMostChanges); ++d) {
    std::vector<std::ptrdiff_t>& now = reached.emplace_back(at(2 * d + 1), -1);
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x = d == 0 ? 0 : step_before(reached[at(d - 1)], d, k).first;
      while (x < rows && x - k < columns && x - k >= 0 && before[at(x)] == after[at(x - k)]) ++x;
      now[at(d + k)] = x;
      if (x >= rows && x - k >= columns) return reached;
    }
  }
  return {};
}

/// The marks of all lines, in order.
std::string marks_of(const Lines& before, const Lines& after) {
  const auto reached = search(before, after);
  if (reached.empty()) return std::string(before.size(), '-') + std::string(after.size(), '+');
  std::string backwards;
  std::ptrdiff_t x = std::ssize(before), y = std::ssize(after);
  for (std::ptrdiff_t d = std::ssize(reached) - 1; d > 0; --d) {
    const auto [begin, removes] = step_before(reached[at(d - 1)], d, x - y);
    backwards.append(at(x - begin), ' ');
    backwards += removes ? '-' : '+';
    y = begin - (x - y) - (removes ? 0 : 1);
    x = begin - (removes ? 1 : 0);
  }
  backwards.append(at(x), ' ');
  return {backwards.rbegin(), backwards.rend()};
}

std::vector<DiffLine> diff_lines(const Lines& before, const Lines& after) {
  std::vector<DiffLine> lines;
  std::size_t i = 0, j = 0;
  for (const char mark : marks_of(before, after)) {
    lines.push_back({mark, mark == '+' ? after[j] : before[i], i + 1, j + 1});
    i += mark != '+' ? 1 : 0;
    j += mark != '-' ? 1 : 0;
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
