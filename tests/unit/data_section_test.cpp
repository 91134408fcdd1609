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

Bytes leb(std::size_t value) {
  Bytes bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
  bytes.push_back(static_cast<std::uint8_t>(value));
  return bytes;
}

/// A module with one data segment: flags and offset as given, then the contents.
Bytes module_with_data(const Bytes& before, const Bytes& contents) {
  Bytes section{1};
  test::append(section, before);
  test::append(section, leb(contents.size()));
  test::append(section, contents);
  Bytes bytes = test::header();
  bytes.push_back(11);
  test::append(bytes, leb(section.size()));
  test::append(bytes, section);
  return bytes;
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

}  // namespace
}  // namespace wml
