#include "analyzer/wasm/data_section.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "tests/unit/wasm_bytes.h"

namespace wml {
namespace {

using test::Bytes;

/// A module with one data segment: flags and offset as given, then the contents.
Bytes module_with_data(const Bytes& before, const Bytes& contents) {
  Bytes section{1};
  test::append(section, before);
  test::append(section, test::leb(contents.size()));
  test::append(section, contents);
  return test::module({test::section(11, section)});
}

DataSection read(const Bytes& module) {
  const auto map = read_section_map(module, 0, module.size());
  EXPECT_TRUE(map.ok());
  auto data = read_data_section(module, map.value());
  EXPECT_TRUE(data.ok());
  return data.value();
}

/// Byte by byte.
std::vector<std::pair<std::uint64_t, std::uint64_t>> long_runs(const Bytes& contents) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;
  for (std::size_t i = 0; i < contents.size();) {
    std::size_t end = i;
    while (end < contents.size() && contents[end] == 0) ++end;
    if (end - i >= kZeroRunBytes) runs.emplace_back(i, end - i);
    i = std::max(end, i + 1);
  }
  return runs;
}

TEST(DataSection, FindsEveryLongRunOfZeros) {
  std::minstd_rand random(1);
  for (int turn = 0; turn < 500; ++turn) {
    Bytes contents;
    while (contents.size() < 3000) {
      // Around the length from which on runs count, and others.
      const std::size_t zeros = random() % 3 == 0 ? 250 + random() % 12 : random() % 700;
      contents.insert(contents.end(), zeros, 0);
      contents.insert(contents.end(), 1 + random() % 20, 7);
    }
    const DataSection data = read(module_with_data({1}, contents));
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (const ZeroRun& run : data.segments[0].zero_runs) found.emplace_back(run.offset, run.bytes);
    EXPECT_EQ(found, long_runs(contents));
    EXPECT_EQ(data.segments[0].zero_bytes, static_cast<std::uint64_t>(std::ranges::count(contents, 0)));
  }
}

TEST(DataSection, ReadsConstantOffsetsAndLeavesOthers) {
  const DataSection i32 = read(module_with_data({0, 0x41, 0x7f, 0x0b}, {1}));
  EXPECT_EQ(i32.segments[0].address, 0xffffffffU);  // an i32 is an unsigned address
  EXPECT_TRUE(i32.expressions.empty());
  const DataSection i64 = read(module_with_data({0, 0x42, 0x10, 0x0b}, {1}));
  EXPECT_EQ(i64.segments[0].address, 16U);
  for (const Bytes& other : {Bytes{0, 0x23, 0, 0x0b}, Bytes{0, 0x41, 1, 0x41, 2, 0x6a, 0x0b}, Bytes{0, 0x0b}}) {
    const DataSection data = read(module_with_data(other, {1}));
    EXPECT_EQ(data.segments[0].address, std::nullopt);
    ASSERT_EQ(data.expressions.size(), 1U);
    EXPECT_EQ(data.expressions[0].end - data.expressions[0].begin, other.size());
  }
}

/// `bytes` random bytes.
Bytes noise(std::size_t bytes) {
  std::mt19937 random(7);
  Bytes out(bytes);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

/// Two segments of one file, the second at `second_address`.
std::vector<DuplicateData> duplicates(const Bytes& first, const Bytes& second, std::uint64_t second_address) {
  Bytes file = first;
  test::append(file, second);
  SegmentFact one{.index = 0, .address = 1000, .bytes = first.size(), .file_offset = 0};
  SegmentFact other{.index = 1, .address = second_address, .bytes = second.size(), .file_offset = first.size()};
  return find_duplicates(file, {one, other}, 256);
}

TEST(DataSection, FindsCopiesWhoseAddressesAreAlignedAlike) {
  const Bytes object = noise(500);
  Bytes before(37, 1);
  Bytes first = before, second(13, 2);
  test::append(first, object);
  test::append(second, object);
  // The object is at 1037 and at a multiple of 16 behind it; nothing in its segments or in the file is aligned.
  const auto found = duplicates(first, second, 1037 + 1600 - 13);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first_offset, 37U);
  EXPECT_EQ(found[0].second_offset, 13U);
  EXPECT_EQ(found[0].bytes, 500U);
}

TEST(DataSection, TakesNoRowsForCopiesOfObjects) {
  const Bytes object = noise(500);
  for (const std::uint64_t apart : {1U, 4U, 8U, 12U})
    EXPECT_TRUE(duplicates(object, object, 3000 + apart).empty()) << apart;
  EXPECT_FALSE(duplicates(object, object, 3000).empty());
}

TEST(DataSection, FindsNoCopiesInWhatIsTooShort) {
  for (const std::size_t bytes : {0U, 1U, 15U, 16U, 63U, 64U, 65U, 255U}) {
    EXPECT_TRUE(duplicates(noise(bytes), noise(bytes), 3000).empty()) << bytes;
  }
}

}  // namespace
}  // namespace wml
