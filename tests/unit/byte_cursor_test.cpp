#include "analyzer/wasm/byte_cursor.h"

#include <gtest/gtest.h>

#include "tests/unit/wasm_bytes.h"

namespace wml {
namespace {

using test::Bytes;

ByteCursor over(const Bytes& bytes) { return ByteCursor(bytes, 0, bytes.size()); }

TEST(ByteCursor, ReadsUnsignedNumbers) {
  const Bytes bytes{0x00, 0x7f, 0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f};
  ByteCursor cursor = over(bytes);
  EXPECT_EQ(cursor.u32("n"), 0U);
  EXPECT_EQ(cursor.u32("n"), 127U);
  EXPECT_EQ(cursor.u32("n"), 128U);
  EXPECT_EQ(cursor.u32("n"), 0xffffffffU);
  EXPECT_FALSE(cursor.failed());
  EXPECT_TRUE(cursor.at_end());
}

TEST(ByteCursor, ReadsPaddedNumbersAsTheSpecificationAllows) {
  const Bytes bytes{0x83, 0x80, 0x80, 0x80, 0x00};
  ByteCursor cursor = over(bytes);
  EXPECT_EQ(cursor.u32("n"), 3U);
  EXPECT_FALSE(cursor.failed());
}

TEST(ByteCursor, RefusesNumbersThatAreTooLong) {
  for (const Bytes& bytes : {Bytes{0x80, 0x80, 0x80, 0x80, 0x10}, Bytes{0x80, 0x80, 0x80, 0x80, 0x80, 0x00}}) {
    ByteCursor cursor = over(bytes);
    cursor.u32("a size");
    ASSERT_TRUE(cursor.failed());
    EXPECT_EQ(cursor.error().offset, 0U);
  }
}

TEST(ByteCursor, ReadsSignedNumbers) {
  const Bytes bytes{0x7f, 0x40, 0x3f, 0x80, 0x80, 0x80, 0x80, 0x78, 0x70};
  ByteCursor cursor = over(bytes);
  EXPECT_EQ(cursor.s32("n"), -1);
  EXPECT_EQ(cursor.s32("n"), -64);
  EXPECT_EQ(cursor.s32("n"), 63);
  EXPECT_EQ(cursor.s32("n"), INT32_MIN);
  EXPECT_EQ(cursor.s33("n"), -16);
  EXPECT_FALSE(cursor.failed());
}

TEST(ByteCursor, RefusesSignBitsThatDisagree) {
  const Bytes bytes{0xff, 0xff, 0xff, 0xff, 0x4f};
  ByteCursor cursor = over(bytes);
  cursor.s32("n");
  EXPECT_TRUE(cursor.failed());
}

TEST(ByteCursor, ReadsTheWidestSignedNumber) {
  const Bytes bytes{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f};
  ByteCursor cursor = over(bytes);
  EXPECT_EQ(cursor.s64("n"), INT64_MIN);
  EXPECT_FALSE(cursor.failed());
}

TEST(ByteCursor, KeepsTheFirstFailureAndReadsZerosAfterIt) {
  const Bytes bytes{0x05, 'a'};
  ByteCursor cursor = over(bytes);
  EXPECT_EQ(cursor.name("a name"), "");
  ASSERT_TRUE(cursor.failed());
  EXPECT_EQ(cursor.byte("more"), 0);
  EXPECT_EQ(cursor.error().message, "expected a name, found the end of the file");
}

}  // namespace
}  // namespace wml
