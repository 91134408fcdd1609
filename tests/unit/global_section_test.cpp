#include "analyzer/wasm/global_section.h"

#include <gtest/gtest.h>

#include "tests/unit/wasm_bytes.h"

namespace wml {
namespace {

using test::Bytes;

/// Of a module with one imported global: env.b, i32.
std::optional<std::vector<GlobalFact>> read(const Bytes& globals, const Bytes& offset = {}) {
  const Bytes imported = test::section(2, {1, 3, 'e', 'n', 'v', 1, 'b', 3, 0x7f, 0});
  Bytes bytes = test::module({imported, test::section(6, globals)});
  const auto map = read_section_map(bytes, 0, bytes.size());
  EXPECT_TRUE(map.ok());
  std::vector<OffsetExpression> offsets;
  if (!offset.empty()) offsets.push_back({0, bytes.size(), bytes.size() + offset.size()});
  test::append(bytes, offset);
  return read_constant_globals(bytes, map.value(), offsets);
}

TEST(GlobalSection, ReadsConstants) {
  // i32, mutable, -1; i64, -2; f64
  const auto globals =
      read({3, 0x7f, 1, 0x41, 0x7f, 0x0b, 0x7e, 0, 0x42, 0x7e, 0x0b, 0x7c, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b});
  ASSERT_TRUE(globals);
  ASSERT_EQ(globals->size(), 3U);
  EXPECT_EQ((*globals)[0].index, 1U);
  EXPECT_TRUE((*globals)[0].mutable_);
  EXPECT_EQ((*globals)[0].value, 0xffffffffU);
  EXPECT_TRUE((*globals)[1].is64);
  EXPECT_EQ((*globals)[1].value, ~std::uint64_t{1});
  EXPECT_FALSE((*globals)[2].value);
}

TEST(GlobalSection, LeavesTheRestToBinaryen) {
  EXPECT_FALSE(read({1, 0x7f, 0, 0x23, 0, 0x0b}));                             // global.get
  EXPECT_FALSE(read({1, 0x7f, 0, 0x42, 1, 0x0b}));                             // a constant of another type
  EXPECT_FALSE(read({1, 0x7f, 2, 0x41, 1, 0x0b}));                             // no mutability
  EXPECT_FALSE(read({1, 0x7f, 0, 0x41, 1, 0x41, 1, 0x6a, 0x0b}));              // more than a constant
  EXPECT_FALSE(read({1, 0x70, 0, 0x00, 0x0b}));                                // a type without constants
  EXPECT_FALSE(read({1, 0x7f, 0, 0x41, 1, 0x0b, 0}));                          // bytes behind the last one
  EXPECT_FALSE(read({2, 0x7f, 0, 0x41, 1, 0x0b, 0x7f, 0, 0x41, 0xff, 0xff}));  // cut short
}

TEST(GlobalSection, LeavesGlobalsToBinaryenThatAnOffsetRefersTo) {
  const Bytes one{1, 0x7f, 0, 0x41, 1, 0x0b};
  EXPECT_TRUE(read(one, {0, 0x23, 0, 0x0b}));  // flags; global.get of the imported one; end
  EXPECT_FALSE(read(one, {0, 0x23, 1, 0x0b}));
  EXPECT_FALSE(read(one, {0, 0x23, 0, 0x41, 8, 0x6a, 0x0b}));  // i32.add: not looked into
}

}  // namespace
}  // namespace wml
