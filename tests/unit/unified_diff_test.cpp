#include <gtest/gtest.h>

#include <charconv>
#include <random>
#include <sstream>

#include "analyzer/source/edits.h"

namespace wml {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
  return lines;
}

std::size_t number_behind(const std::string& line, char mark) {
  std::size_t number = 0;
  const char* digits = line.data() + line.find(mark) + 1;
  std::from_chars(digits, line.data() + line.size(), number);
  return number;
}

/// What `patch` makes of `before`; every text here ends in a newline.
std::string patched(const std::string& before, const std::string& diff) {
  const std::vector<std::string> old = lines_of(before), lines = lines_of(diff);
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 2; i < lines.size(); ++i) {  // behind the two names
    const char mark = lines[i].front();
    if (mark == '@') {
      const std::size_t begin = number_behind(lines[i], '-') - 1;
      while (next < begin) text += old.at(next++);
      continue;
    }
    if (mark != '+') EXPECT_EQ(old.at(next++), lines[i].substr(1));
    if (mark != '-') text += lines[i].substr(1);
  }
  while (next < old.size()) text += old[next++];
  return text;
}

TEST(UnifiedDiff, IsWhatChanges) {
  std::string before, after;
  for (int i = 0; i < 20; ++i) before += "line " + std::to_string(i) + "\n";
  after = before;
  after.replace(after.find("line 9\n"), 7, "changed\n");
  EXPECT_EQ(unified_diff("f.c", before, after),
            "--- f.c\n+++ f.c\n@@ -7,7 +7,7 @@\n line 6\n line 7\n line 8\n-line 9\n+changed\n line 10\n line 11\n "
            "line 12\n");
  EXPECT_EQ(unified_diff("f.c", before, before), "--- f.c\n+++ f.c\n");
}

TEST(UnifiedDiff, AppliesToWhatItWasMadeFrom) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string before, after;
    const unsigned kinds = 1 + random() % 5, count = random() % 40;
    for (unsigned i = 0; i < count; ++i) {
      const std::string line(1 + random() % kinds, 'x');
      if (random() % 4 != 0) before += line + "\n";
      if (random() % 4 != 0) after += line + "\n";
    }
    if (before.empty()) continue;
    EXPECT_EQ(patched(before, unified_diff("f", before, after)), after) << before << "---\n" << after;
  }
}

TEST(UnifiedDiff, CostsByWhatChangesAndNotByTheFile) {
  std::string before;
  for (int i = 0; i < 300000; ++i) before += "line " + std::to_string(i) + "\n";
  std::string after = before;
  after.replace(after.find("line 10\n"), 8, "first\n");
  after.replace(after.find("line 299990\n"), 12, "last\n");
  EXPECT_EQ(patched(before, unified_diff("f", before, after)), after);
}

TEST(UnifiedDiff, ReplacesAllWhereNothingIsLeft) {
  std::string before, after;
  for (int i = 0; i < 6000; ++i) before += "a" + std::to_string(i) + "\n", after += "b" + std::to_string(i) + "\n";
  EXPECT_EQ(patched(before, unified_diff("f", before, after)), after);
}

}  // namespace
}  // namespace wml
