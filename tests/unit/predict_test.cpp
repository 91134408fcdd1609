#include "analyzer/predict/predict.h"

#include <gtest/gtest.h>

namespace wml {
namespace {

Finding finding(std::uint64_t low, std::uint64_t high, bool certain) {
  Finding result;
  result.saving = Saving{Space::linear_memory, certain ? high - low : 0, high - low};
  result.claims.push_back({Space::linear_memory, low, high});
  return result;
}

ModuleFacts pages(std::uint64_t count) {
  ModuleFacts facts;
  facts.memories.push_back({.minimum_pages = count});
  return facts;
}

Prediction predict_for(const ModuleFacts& facts, const std::vector<Finding>& findings) {
  Estimate estimate;
  estimate.minimum_pages = facts.memories[0].minimum_pages;
  return predict(facts, estimate, findings);
}

TEST(Predict, CountsBytesThatTwoFindingsClaimOnce) {
  const auto prediction =
      predict_for(pages(10), {finding(0, 4 * kPageBytes, true), finding(2 * kPageBytes, 5 * kPageBytes, true)});
  EXPECT_EQ(prediction.certain_pages, 5U);
}

TEST(Predict, RoundsToPagesOnceAtTheEnd) {
  const auto prediction =
      predict_for(pages(10), {finding(0, kPageBytes / 2, true), finding(kPageBytes, kPageBytes * 3 / 2, true)});
  EXPECT_EQ(prediction.certain_pages, 9U);
}

TEST(Predict, KeepsWhatIsCertainApart) {
  const auto prediction =
      predict_for(pages(10), {finding(0, kPageBytes, true), finding(kPageBytes, 3 * kPageBytes, false)});
  EXPECT_EQ(prediction.certain_pages, 9U);
  EXPECT_EQ(prediction.possible_pages, 7U);
}

TEST(Predict, FileBytesSaveNoPages) {
  Finding file;
  file.saving = Saving{Space::file, 100, 100};
  file.claims.push_back({Space::file, 50, 150});
  const auto prediction = predict_for(pages(10), {file});
  EXPECT_EQ(prediction.certain_pages, 10U);
  EXPECT_EQ(prediction.file_bytes_saved, 100U);
}

}  // namespace
}  // namespace wml
