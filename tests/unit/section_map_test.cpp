#include "analyzer/wasm/section_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/wasm_bytes.h"

namespace wml {
namespace {

using test::Bytes;
using testing::HasSubstr;

Result<SectionMap> map_of(const Bytes& bytes) { return read_section_map(bytes, 0, bytes.size()); }

TEST(SectionMap, FindsSectionsAndLabelsEveryByte) {
  const Bytes bytes = test::module({test::section(5, {1, 0, 1}), test::section(0, {4, 'n', 'a', 'm', 'e', 9})});
  const auto map = map_of(bytes);
  ASSERT_TRUE(map.ok());
  ASSERT_NE(map.value().find(SectionId::memory), nullptr);
  EXPECT_EQ(map.value().find(SectionId::memory)->count, 1U);
  ASSERT_NE(map.value().find_custom("name"), nullptr);
  std::uint64_t next = 0;
  for (const FileRange& range : file_ranges(map.value())) {
    EXPECT_EQ(range.offset, next);
    next += range.bytes;
  }
  EXPECT_EQ(next, bytes.size());
}

TEST(SectionMap, RefusesWhatEnginesRefuse) {
  struct Case {
    Bytes bytes;
    const char* message;
    std::uint64_t offset;
  };
  const Case cases[] = {
      {{'P', 'K'}, "no WebAssembly module", 0},
      {{0, 'a', 's', 'm', 2, 0, 0, 0}, "unknown WebAssembly version", 4},
      {test::module({test::section(5, {1, 0, 1}), test::section(5, {1, 0, 1})}), "a second memory section", 13},
      {test::module({test::section(5, {1, 0, 1}), test::section(1, {0})}), "the type section is out of order", 13},
      {test::module({{77, 0}}), "unknown section id 77", 8},
      {test::module({{5, 100, 1}}), "the memory section claims 100 bytes, but 1 are left", 9},
      {test::module({test::section(11, {0xff, 0xff, 0xff, 0xff, 0x0f})}), "the data section claims 4294967295 entries",
       10},
      {test::module({test::section(12, {9})}), "the data count section says 9, but there are 0 data segments", 10},
      {test::module({test::section(10, {1, 6, 1, 0xff, 0xff, 0xff, 0xff, 0x0f})}), "declares more than 50000 locals",
       13},
  };
  for (const Case& one : cases) {
    const auto map = map_of(one.bytes);
    ASSERT_FALSE(map.ok()) << one.message;
    EXPECT_THAT(map.error().message, HasSubstr(one.message));
    EXPECT_EQ(map.error().offset, one.offset) << one.message;
  }
}

}  // namespace
}  // namespace wml
