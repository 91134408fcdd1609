#include "analyzer/predict/estimate.h"

#include <gtest/gtest.h>

namespace wml {
namespace {

ModuleFacts one_memory(std::uint64_t minimum, std::optional<std::uint64_t> maximum) {
  ModuleFacts facts;
  facts.memories.push_back({.minimum_pages = minimum, .maximum_pages = maximum});
  facts.functions.resize(1);
  return facts;
}

Verdict verdict_of(const ModuleFacts& facts, std::uint64_t budget) {
  return judge(estimate_pages(facts, budget), budget);
}

TEST(Verdict, FitsOnlyWhenProven) {
  EXPECT_EQ(verdict_of(one_memory(17, 32), 32).outcome, Outcome::fits);
  EXPECT_EQ(verdict_of(one_memory(17, 33), 32).outcome, Outcome::not_proven);
  EXPECT_EQ(verdict_of(one_memory(33, 33), 32).outcome, Outcome::cannot_fit);
}

TEST(Verdict, AMemoryThatNothingGrowsStaysAsItIs) {
  EXPECT_EQ(verdict_of(one_memory(17, std::nullopt), 32).outcome, Outcome::fits);
}

TEST(Verdict, GrowthWithoutAMaximumProvesNothing) {
  ModuleFacts facts = one_memory(17, std::nullopt);
  facts.growth.sites.push_back({});
  EXPECT_EQ(verdict_of(facts, 32).outcome, Outcome::not_proven);
}

TEST(Verdict, AFunctionThatWasNotAnalysedProvesNothing) {
  ModuleFacts facts = one_memory(17, std::nullopt);
  facts.functions[0].analysed = false;
  EXPECT_EQ(verdict_of(facts, 32).outcome, Outcome::not_proven);
}

TEST(Verdict, AnImportedMemoryIsAsLargeAsTheHostMakesIt) {
  ModuleFacts facts = one_memory(17, std::nullopt);
  facts.memories[0].import = ImportName{"env", "memory"};
  EXPECT_EQ(verdict_of(facts, 32).outcome, Outcome::not_proven);
  facts.memories[0].maximum_pages = 32;
  EXPECT_EQ(verdict_of(facts, 32).outcome, Outcome::fits);
}

TEST(Verdict, AHostCanGrowAnExportedMemory) {
  ModuleFacts facts = one_memory(17, std::nullopt);
  facts.memories[0].exports = {"memory"};
  EXPECT_EQ(verdict_of(facts, 32).outcome, Outcome::not_proven);
}

TEST(Verdict, SizesThatOverflowAreLarge) {
  EXPECT_EQ(verdict_of(one_memory(1, std::uint64_t{1} << 48), 32).outcome, Outcome::not_proven);
  EXPECT_EQ(verdict_of(one_memory(std::uint64_t{1} << 48, std::nullopt), 32).outcome, Outcome::cannot_fit);
}

TEST(Estimate, CountsEachTouchedPageOnce) {
  ModuleFacts facts = one_memory(4, 4);
  for (const std::uint64_t address : {65530ULL, 65534ULL, 70000ULL})
    facts.segments.push_back({.address = address, .bytes = 4});
  const Estimate estimate = estimate_pages(facts, std::nullopt);
  EXPECT_EQ(estimate.touched_at_start_pages, 2U);
  EXPECT_EQ(estimate.touched_at_start_bytes, 3U * 4096);
}

TEST(Estimate, RecommendsNoLessThanStackDataAndBss) {
  ModuleFacts facts = one_memory(256, std::nullopt);
  facts.growth.sites.push_back({});
  facts.allocator.policy = GrowthPolicy::exact;
  facts.map.heap_base = 17 * kPageBytes + 1;
  const Estimate estimate = estimate_pages(facts, std::nullopt);
  EXPECT_EQ(estimate.recommended_initial_pages, 18U);
}

TEST(Estimate, LeavesTheInitialSizeWhereTheHeapIsUnknown) {
  ModuleFacts facts = one_memory(256, std::nullopt);
  facts.growth.sites.push_back({});
  EXPECT_EQ(estimate_pages(facts, std::nullopt).recommended_initial_pages, 256U);
}

TEST(Estimate, AddsMemoriesUp) {
  ModuleFacts facts = one_memory(3, 3);
  facts.memories.push_back({.index = 1, .minimum_pages = 100, .maximum_pages = 200, .page_bytes = 1});
  const Estimate estimate = estimate_pages(facts, std::nullopt);
  EXPECT_EQ(estimate.minimum_pages, 4U);
  EXPECT_EQ(estimate.bound_pages, 4U);
}

TEST(Estimate, RecommendsTheMeasuredPeakAndAQuarterWhereNothingIsProven) {
  ModuleFacts facts = one_memory(17, std::nullopt);
  facts.growth.sites.push_back({});
  const ProfileFacts profile{.runs = 3, .peak_pages = 41};
  EXPECT_EQ(estimate_pages(facts, std::nullopt, profile).recommended_maximum_pages, 52U);
  EXPECT_EQ(estimate_pages(facts, std::nullopt, profile).maximum_basis.evidence, Evidence::measured);
  EXPECT_EQ(estimate_pages(facts, 45, profile).recommended_maximum_pages, 45U);
  // A budget below the peak cannot be recommended: a run has shown that it does not suffice.
  EXPECT_EQ(estimate_pages(facts, 40, profile).recommended_maximum_pages, 52U);
  facts.memories[0].maximum_pages = 43;
  EXPECT_EQ(estimate_pages(facts, std::nullopt, profile).recommended_maximum_pages, 43U);
}

TEST(Estimate, AGuessedHeapBaseIsNoProof) {
  ModuleFacts facts = one_memory(2, std::nullopt);
  facts.growth.sites.push_back({});
  facts.allocator.model = GrowthModel::dlmalloc;
  facts.map.heap_base = kPageBytes;
  facts.heap = HeapDemand{.requests = {{1000, 1}}, .sites = 1};
  facts.map.heap_base_basis.evidence = Evidence::symbol;
  EXPECT_EQ(estimate_pages(facts, std::nullopt).own_pages, 2U);
  facts.map.heap_base_basis.evidence = Evidence::heuristic;
  EXPECT_EQ(estimate_pages(facts, std::nullopt).own_pages, 3U);
  facts.memories[0].memory64 = true;
  EXPECT_EQ(estimate_pages(facts, std::nullopt).own_pages, std::nullopt);
}

}  // namespace
}  // namespace wml
