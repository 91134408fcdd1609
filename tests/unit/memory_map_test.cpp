#include "analyzer/wasm/memory_map.h"

#include <gtest/gtest.h>

#include "analyzer/wasm/stack.h"

// The layouts of FACTS that toolchains are known for, as facts.

namespace wml {
namespace {

struct Layout {
  std::uint64_t pages = 0;
  std::uint64_t stack_pointer = 0;
  std::uint64_t data_low = 0;
  std::uint64_t data_high = 0;
  Toolchain toolchain = Toolchain::clang;
};

ModuleFacts facts_of(const Layout& layout) {
  ModuleFacts facts;
  facts.toolchain.id = layout.toolchain;
  facts.memories.push_back({.minimum_pages = layout.pages});
  facts.globals.push_back({.index = 0, .mutable_ = true, .value = layout.stack_pointer});
  facts.segments.push_back({.address = layout.data_low, .bytes = layout.data_high - layout.data_low});
  facts.functions.resize(2);
  return facts;
}

/// Bodies of which the first lowers global 0.
std::vector<BodySummary> bodies() {
  std::vector<BodySummary> result(2);
  result[0].lowerings.push_back({0, 32});
  return result;
}

ModuleFacts with_map(ModuleFacts facts, const std::vector<BodySummary>& given) {
  facts.stack = find_stack(facts, given);
  facts.map = make_memory_map(facts, given);
  return facts;
}

const Region* find(const MemoryMap& map, RegionKind kind) {
  for (const Region& region : map.regions) {
    if (region.kind == kind) return &region;
  }
  return nullptr;
}

void expect_no_gaps(const MemoryMap& map, std::uint64_t end) {
  std::uint64_t next = 0;
  for (const Region& region : map.regions) {
    EXPECT_EQ(region.low, next);
    EXPECT_GT(region.high, region.low);
    next = region.high;
  }
  EXPECT_EQ(next, end);
}

TEST(MemoryMap, RustPutsOneMebibyteOfStackFirst) {
  const ModuleFacts facts = with_map(facts_of({17, 1048576, 1048576, 1049813}), bodies());
  ASSERT_TRUE(facts.stack);
  EXPECT_EQ(facts.stack->place, StackPlace::first);
  ASSERT_TRUE(facts.stack->reserved_bytes && facts.stack->reserved_bytes->exact());
  EXPECT_EQ(facts.stack->reserved_bytes->low, 1048576U);
  EXPECT_EQ(facts.map.static_end, 1049813U);
  expect_no_gaps(facts.map, 17 * kPageBytes);
}

TEST(MemoryMap, OlderWasmLdPutsTheStackAfterTheData) {
  const ModuleFacts facts = with_map(facts_of({2, 66576, 1024, 1040}), bodies());
  ASSERT_TRUE(facts.stack && facts.stack->reserved_bytes);
  EXPECT_EQ(facts.stack->place, StackPlace::after_data);
  EXPECT_FALSE(facts.stack->reserved_bytes->exact());
  EXPECT_EQ(facts.stack->reserved_bytes->high, 65536U);
  EXPECT_EQ(facts.stack->likely_bytes, 65536U);
  EXPECT_EQ(facts.map.heap_base, 66576U);
  EXPECT_NE(find(facts.map, RegionKind::stack_or_bss), nullptr);
  expect_no_gaps(facts.map, 2 * kPageBytes);
}

TEST(MemoryMap, AnAddressThatCodeUsesBoundsTheStackFromBelow) {
  std::vector<BodySummary> given = bodies();
  given[1].highest_access = 5008;
  const ModuleFacts facts = with_map(facts_of({2, 70544, 1024, 1040}), given);
  ASSERT_TRUE(facts.stack && facts.stack->reserved_bytes);
  EXPECT_EQ(facts.stack->reserved_bytes->high, 70544U - 5008U);
}

TEST(MemoryMap, DataEndMakesTheStackExact) {
  ModuleFacts facts = facts_of({2, 66592, 1024, 1040});
  facts.globals.push_back({.index = 1, .value = 1052, .exports = {"__data_end"}});
  facts = with_map(facts, bodies());
  ASSERT_TRUE(facts.stack && facts.stack->reserved_bytes);
  EXPECT_TRUE(facts.stack->reserved_bytes->exact());
  EXPECT_EQ(facts.stack->reserved_bytes->low, 66592U - 1056U);
  EXPECT_NE(find(facts.map, RegionKind::bss), nullptr);
  expect_no_gaps(facts.map, 2 * kPageBytes);
}

TEST(MemoryMap, TheHeapStartsWhereAGrowingFunctionKeepsSaying) {
  std::vector<BodySummary> given = bodies();
  given[1].grows.push_back({.function = 1});
  given[1].constants = {1048640, 1050304, 1050304, 1050304};
  const ModuleFacts facts = with_map(facts_of({17, 1048576, 1048576, 1048600}), given);
  EXPECT_EQ(facts.map.heap_base, 1050304U);
  EXPECT_EQ(facts.map.heap_base_basis.evidence, Evidence::heuristic);
  const Region* bss = find(facts.map, RegionKind::bss);
  ASSERT_NE(bss, nullptr);
  EXPECT_EQ(bss->low, 1048600U);
  EXPECT_EQ(bss->high, 1050304U);
}

TEST(MemoryMap, TwoCandidatesForTheHeapAreNone) {
  std::vector<BodySummary> given = bodies();
  given[1].grows.push_back({.function = 1});
  given[1].constants = {1048640, 1048640, 1048640, 1050304, 1050304, 1050304};
  const ModuleFacts facts = with_map(facts_of({17, 1048576, 1048576, 1048600}), given);
  EXPECT_EQ(facts.map.heap_base, std::nullopt);
  EXPECT_NE(find(facts.map, RegionKind::static_or_heap), nullptr);
}

TEST(MemoryMap, AHeapStartBelowAnAddressThatCodeUsesIsNone) {
  std::vector<BodySummary> given = bodies();
  given[1].grows.push_back({.function = 1});
  given[1].constants = {1048640, 1048640, 1048640};
  given[0].highest_access = 1049000;
  const ModuleFacts facts = with_map(facts_of({17, 1048576, 1048576, 1048600}), given);
  EXPECT_EQ(facts.map.heap_base, std::nullopt);
}

TEST(MemoryMap, TheAllocatorMayWriteIntoTheHeapAtAConstantAddress) {
  std::vector<BodySummary> given = bodies();
  given[1].grows.push_back({.function = 1});
  given[1].constants = {1048640, 1048640, 1048640};
  given[1].highest_access = 1049000;
  const ModuleFacts facts = with_map(facts_of({17, 1048576, 1048576, 1048600}), given);
  EXPECT_EQ(facts.map.heap_base, 1048640U);
}

TEST(Stack, AGlobalThatIsNotLoweredIsNoStackPointer) {
  ModuleFacts facts = facts_of({17, 1048576, 1048576, 1049813, Toolchain::unknown});
  EXPECT_FALSE(find_stack(facts, std::vector<BodySummary>(2)));
  facts.toolchain.id = Toolchain::rust;
  EXPECT_TRUE(find_stack(facts, std::vector<BodySummary>(2)));
}

TEST(Stack, APointerOutsideTheMemoryIsNone) {
  EXPECT_FALSE(find_stack(facts_of({1, 1048576, 1024, 1040, Toolchain::unknown}), bodies()));
}

TEST(Stack, AnImportedPointerHasNoSizeHere) {
  ModuleFacts facts = facts_of({17, 0, 1024, 1040});
  facts.globals[0] = {.index = 0, .mutable_ = true, .import = ImportName{"env", "__stack_pointer"}};
  const auto stack = find_stack(facts, bodies());
  ASSERT_TRUE(stack);
  EXPECT_FALSE(stack->pointer_initial);
  EXPECT_FALSE(stack->reserved_bytes);
}

}  // namespace
}  // namespace wml
