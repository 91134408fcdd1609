#include "analyzer/config.h"

#include <gtest/gtest.h>

namespace wml {
namespace {

TEST(Budget, IsPagesOrBytes) {
  EXPECT_EQ(parse_budget("32").value(), 32U);
  EXPECT_EQ(parse_budget("2MiB").value(), 32U);
  EXPECT_EQ(parse_budget("512KiB").value(), 8U);
  EXPECT_EQ(parse_budget("1GiB").value(), 16384U);
  EXPECT_EQ(parse_budget("100KiB").value(), 1U) << "a part of a page is no page";
}

TEST(Budget, RefusesWhatItDoesNotUnderstand) {
  for (const char* text :
       {"", "0", "-1", "2MB", "2 MiB", "MiB", "63KiB", "1e3", "99999999999999999999", "18446744073709551615KiB"}) {
    EXPECT_FALSE(parse_budget(text).ok()) << text;
  }
}

TEST(Nearest, FindsTypingErrorsOnly) {
  const std::vector<std::string> known{"stack-oversized", "data-zero-run"};
  EXPECT_EQ(nearest("stack-oversizd", known), "stack-oversized");
  EXPECT_EQ(nearest("something", known), std::nullopt);
}

TEST(Globs, MatchPathsAndNames) {
  EXPECT_TRUE(matches_glob("*.wasm", "dist/plugin.wasm"));
  EXPECT_TRUE(matches_glob("dist/*.wasm", "dist/plugin.wasm"));
  EXPECT_FALSE(matches_glob("lib/*.wasm", "dist/plugin.wasm"));
  EXPECT_FALSE(matches_glob("plugin.wasm", "dist/other.wasm"));
}

}  // namespace
}  // namespace wml
