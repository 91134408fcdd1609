#include "analyzer/wasm/body_scan.h"

#include <gtest/gtest.h>

#include "tests/unit/wasm_bytes.h"

namespace wml {
namespace {

using test::Bytes;

BodySummary scan(const Bytes& instructions, std::optional<std::uint32_t> stack_pointer = std::nullopt) {
  const Bytes bytes = test::module({test::code(instructions)});
  const auto map = read_section_map(bytes, 0, bytes.size());
  EXPECT_TRUE(map.ok());
  ScanInput input;
  input.stack_pointer = stack_pointer;
  input.window_high = 1 << 20;
  return scan_bodies(bytes, map.value(), input).front();
}

TEST(BodyScan, SeesAPrologue) {
  // global.get 0; i32.const 32; i32.sub; local.tee 1; global.set 0
  const BodySummary body = scan({0x23, 0, 0x41, 32, 0x6b, 0x22, 1, 0x24, 0});
  ASSERT_EQ(body.lowerings.size(), 1U);
  EXPECT_EQ(body.lowerings[0].global, 0U);
  EXPECT_EQ(body.lowerings[0].bytes, 32U);
}

TEST(BodyScan, SeesAPrologueThatAddsANegativeConstant) {
  // i32.const -48; global.get 3; i32.add; global.set 3
  const BodySummary body = scan({0x41, 0x50, 0x23, 3, 0x6a, 0x24, 3});
  ASSERT_EQ(body.lowerings.size(), 1U);
  EXPECT_EQ(body.lowerings[0].global, 3U);
  EXPECT_EQ(body.lowerings[0].bytes, 48U);
}

TEST(BodyScan, TakesNoEpilogueForAPrologue) {
  // global.get 0; i32.const 32; i32.add; global.set 0
  EXPECT_TRUE(scan({0x23, 0, 0x41, 32, 0x6a, 0x24, 0}).lowerings.empty());
  // i32.const 32; global.get 0; i32.sub; global.set 0: 32 - global
  EXPECT_TRUE(scan({0x41, 32, 0x23, 0, 0x6b, 0x24, 0}).lowerings.empty());
  // the difference goes to another global
  EXPECT_TRUE(scan({0x23, 0, 0x41, 32, 0x6b, 0x24, 1}).lowerings.empty());
}

TEST(BodyScan, ForgetsLocalsWhereControlFlowJoins) {
  // local 1 = global 0 - 32; loop { global 0 = local 1 }: on the second turn local 1 may be anything
  EXPECT_TRUE(scan({0x23, 0, 0x41, 32, 0x6b, 0x21, 1, 0x03, 0x40, 0x20, 1, 0x24, 0, 0x0b}).lowerings.empty());
}

/// `depth` loops around `instructions`, each of which may go on to its next turn.
Bytes in_loops(int depth, Bytes instructions) {
  for (int i = 0; i < depth; ++i) {
    Bytes loop{0x03, 0x40};
    test::append(loop, instructions);
    test::append(loop, {0x41, 1, 0x0d, 0, 0x0b});  // i32.const 1; br_if 0; end
    instructions = std::move(loop);
  }
  return instructions;
}

TEST(BodyScan, CountsOnceWhatIsInterpretedAgain) {
  // local 1 = global 0 - 32; global 0 = local 1; loops { call 0; i32.const 64; drop; local 1 = 3 }: from the second
  // turn on local 1 is another value, so that each loop is interpreted again; global 0 = local 1 + 32 could not be
  // followed then.
  for (const int depth : {1, 2, 3, 40}) {
    Bytes instructions{0x23, 0, 0x41, 32, 0x6b, 0x22, 1, 0x24, 0};
    test::append(instructions, in_loops(depth, {0x10, 0, 0x41, 0xc0, 0, 0x1a, 0x41, 3, 0x21, 1}));
    const BodySummary body = scan(instructions, 0);
    ASSERT_EQ(body.calls.size(), 1U);
    EXPECT_EQ(body.calls[0].sites, 1U);
    EXPECT_EQ(body.calls[0].depth, 32U);
    EXPECT_EQ(body.calls[0].loops, static_cast<std::uint32_t>(depth));
    EXPECT_EQ(body.constants, (ShortList<std::uint64_t>{32, 64}));
    EXPECT_EQ(body.lowerings.size(), 1U);
    EXPECT_EQ(body.frame.depth, 32U);
  }
}

TEST(BodyScan, KeepsWhatTheFirstTurnOfALoopShows) {
  // local 1 = global 0; loop { i32.store(local 1 - local 0, 1); local 1 += 4; br_if 0 }: an allocation on the first
  // turn, an address in the frame later
  const BodySummary allocates = scan({0x23, 0, 0x21, 1, 0x03, 0x40, 0x20, 1,    0x20, 0,    0x6b, 0x41, 1, 0x36,
                                      2,    0, 0x20, 1, 0x41, 4,    0x6a, 0x21, 1,    0x41, 1,    0x0d, 0, 0x0b},
                                     0);
  EXPECT_EQ(allocates.frame.kind, FrameKind::dynamic);
  // local 1 = global 0; loop { i32.store(local 1 - 48, 1); local 1 = 3; br_if 0 }
  const BodySummary lowers = scan({0x23, 0, 0x21, 1,    0x03, 0x40, 0x20, 1,    0x41, 48,   0x6b, 0x41, 1,
                                   0x36, 2, 0,    0x41, 3,    0x21, 1,    0x41, 1,    0x0d, 0,    0x0b},
                                  0);
  EXPECT_EQ(lowers.frame.depth, 48U);
}

TEST(BodyScan, TakesNoPartsOfBlocksThatDoNotHaveThem) {
  // loop else end; block else end; if else else end; block catch_all end
  for (const Bytes& instructions : {Bytes{0x03, 0x40, 0x05, 0x0b}, Bytes{0x02, 0x40, 0x05, 0x0b},
                                    Bytes{0x41, 1, 0x04, 0x40, 0x05, 0x05, 0x0b}, Bytes{0x02, 0x40, 0x19, 0x0b}}) {
    Bytes stored = instructions;  // then a pointer is saved, as if in a loop
    test::append(stored, {0x23, 0, 0x41, 16, 0x6b, 0x23, 0, 0x36, 2, 0});
    const BodySummary body = scan(stored, 0);
    EXPECT_FALSE(body.analysed);
    EXPECT_EQ(body.frame.kind, FrameKind::unknown);
  }
}

TEST(BodyScan, TakesNumbersBeyondTheStackForNoDistances) {
  // global.get 0; i64.const -2^63; i64.add / i64.sub / i64.and; drop
  for (const std::uint8_t code : Bytes{0x7c, 0x7d, 0x83}) {
    const BodySummary body =
        scan({0x23, 0, 0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, code, 0x1a}, 0);
    EXPECT_TRUE(body.analysed);
    EXPECT_EQ(body.frame.depth, 0U);
  }
}

TEST(BodyScan, LearnsWhatChangesInDeepNestsOfLoops) {
  // local 1 = global 0; loops { global 0 = local 1; local 1 = 3 }: what is written back is not known from the second
  // turn on.
  for (const int depth : {1, 10, 1000}) {
    Bytes instructions{0x23, 0, 0x21, 1};
    test::append(instructions, in_loops(depth, {0x20, 1, 0x24, 0, 0x41, 3, 0x21, 1}));
    EXPECT_EQ(scan(instructions, 0).frame.kind, FrameKind::unknown) << depth;
  }
  // The same where it is not written back.
  for (const int depth : {1, 10, 1000}) {
    Bytes instructions{0x23, 0, 0x21, 1};
    test::append(instructions, in_loops(depth, {0x20, 1, 0x1a, 0x41, 3, 0x21, 1}));
    EXPECT_EQ(scan(instructions, 0).frame.kind, FrameKind::bounded) << depth;
  }
}

TEST(BodyScan, SeesAllocationsThatAddUpInALocal) {
  const auto loop_lowering_by = [](std::uint8_t bytes) {
    // local 1 = global 0; loop { local 1 = local 1 - bytes; i32.store(local 1, 1); br 0 }
    return scan({0x23, 0, 0x21, 1, 0x03, 0x40, 0x20, 1, 0x41, bytes, 0x6b, 0x22, 1, 0x41, 1, 0x36, 2, 0, 0x0c, 0, 0x0b},
                0);
  };
  EXPECT_EQ(loop_lowering_by(16).frame.kind, FrameKind::grows);
  // The stack is allocated from in multiples of 16: this writes a text from its end on.
  EXPECT_EQ(loop_lowering_by(1).frame.kind, FrameKind::bounded);
}

TEST(BodyScan, SeesAnAllocationFromAPointerThatTheFrameKept) {
  // local 2 = global 0 - 32; local 1 = local 2; store(local 2, local 1) offset=16; local 1 = load(local 2)
  // offset=offset; store(local 1 - (local 3 << 4), 1)
  const auto scan_with = [](std::uint8_t offset) {
    return scan({0x23, 0, 0x41,   32,   0x6b, 0x22, 2, 0x21, 1, 0x20, 2, 0x20, 1,    0x36, 2, 16,   0x20, 2,
                 0x28, 2, offset, 0x21, 1,    0x20, 1, 0x20, 3, 0x41, 4, 0x74, 0x6b, 0x41, 1, 0x36, 2,    0},
                0);
  };
  EXPECT_EQ(scan_with(16).frame.kind, FrameKind::dynamic);
  EXPECT_EQ(scan_with(20).frame.kind, FrameKind::bounded);
}

TEST(BodyScan, FollowsThePointerThroughResults) {
  // global 0 = if (result i32) (local 0) { global 0 - 64 } else { global 0 - 32 }
  const BodySummary body =
      scan({0x20, 0, 0x04, 0x7f, 0x23, 0, 0x41, 0x20, 0x6b, 0x05, 0x23, 0, 0x41, 0x10, 0x6b, 0x0b, 0x24, 0}, 0);
  EXPECT_EQ(body.frame.kind, FrameKind::bounded);
  EXPECT_EQ(body.frame.depth, 32U);
}

TEST(BodyScan, SeesWhereFunctionsGetTo) {
  using enum FunctionPlace;
  // table.set 2 (i32.const 0) (table.get 1 (i32.const 0)); table.copy 3 2; table.init 4 segment 5; table.fill 6
  const BodySummary body =
      scan({0x41, 0,    0x41, 0,    0x25, 1,    0x26, 2, 0x41, 0,    0x41, 0,    0x41, 1,    0xfc, 0x0e, 3,    2, 0x41,
            0,    0x41, 0,    0x41, 1,    0xfc, 0x0c, 5, 4,    0x41, 0,    0x20, 1,    0x41, 1,    0xfc, 0x11, 6});
  const std::vector<FunctionMove> expected{{table, 1, references, 0},
                                           {references, 0, table, 2},
                                           {table, 2, table, 3},
                                           {segment, 5, table, 4},
                                           {references, 0, table, 6}};
  EXPECT_EQ(body.moves, expected);
}

TEST(BodyScan, DelegatesPastATry) {
  // local 1 = global 0; try { local 1 = 0; try { call 0 } delegate 1 } catch_all { global 0 = local 1 }
  // The inner exception does not reach the handler: nothing that throws does, once local 1 is overwritten.
  const auto handler_after = [](std::uint8_t delegate_to) {
    return scan({0x23, 0,    0x21, 1, 0x06, 0x40,        0x10, 0,    0x41, 0,    0x21, 1,
                 0x06, 0x40, 0x10, 0, 0x18, delegate_to, 0x19, 0x20, 1,    0x24, 0,    0x0b},
                0)
        .frame.kind;
  };
  EXPECT_EQ(handler_after(1), FrameKind::bounded);
  EXPECT_EQ(handler_after(0), FrameKind::unknown);
}

TEST(BodyScan, TellsHowGrowthIsUsed) {
  const auto result = [](const Bytes& after) {
    Bytes instructions{0x41, 7, 0x40, 0};  // i32.const 7; memory.grow
    test::append(instructions, after);
    const BodySummary body = scan(instructions);
    EXPECT_EQ(body.grows.size(), 1U);
    EXPECT_EQ(body.grows[0].delta_pages, 7U);
    return body.grows[0].result;
  };
  EXPECT_EQ(result({0x1a}), GrowResult::ignored);                                   // drop
  EXPECT_EQ(result({0x41, 0x7f, 0x46, 0x1a}), GrowResult::checked);                 // i32.const -1; i32.eq; drop
  EXPECT_EQ(result({0x21, 0, 0x20, 0, 0x41, 0, 0x48, 0x1a}), GrowResult::checked);  // local; i32.const 0; i32.lt_s
  EXPECT_EQ(result({}), GrowResult::unknown);                                       // returned
}

TEST(BodyScan, SaysWhenItDoesNotKnowAnInstruction) {
  const BodySummary body = scan({0x01, 0x27, 0x01});
  EXPECT_FALSE(body.analysed);
  EXPECT_TRUE(body.writes_otherwise);
}

TEST(BodyScan, ReadsNumbersThatArePaddedToFiveBytes) {
  // call 2; i32.const -16; global.get 3; i32.add; global.set 3, each number in five bytes
  const BodySummary body = scan({0x10, 0x82, 0x80, 0x80, 0x80, 0,    0x41, 0xf0, 0xff, 0xff, 0xff, 0x7f, 0x23,
                                 0x83, 0x80, 0x80, 0x80, 0,    0x6a, 0x24, 0x83, 0x80, 0x80, 0x80, 0});
  EXPECT_TRUE(body.analysed);
  ASSERT_EQ(body.calls.size(), 1U);
  EXPECT_EQ(body.calls[0].callee, 2U);
  ASSERT_EQ(body.lowerings.size(), 1U);
  EXPECT_EQ(body.lowerings[0].global, 3U);
  EXPECT_EQ(body.lowerings[0].bytes, 16U);
}

TEST(BodyScan, RefusesInstructionsThatEndBehindTheirFunction) {
  const std::vector<Bytes> instructions{
      {0x41, 0x80},       // i32.const
      {0x44, 0, 0, 0},    // f64.const
      {0x20},             // local.get; its index is the end
      {0x41, 0, 0x28, 2}  // i32.load; its offset is the end
  };
  for (const Bytes& cut : instructions) {
    EXPECT_FALSE(scan(cut).analysed);
    Bytes with_more(30, 0x01);  // nop
    test::append(with_more, cut);
    EXPECT_FALSE(scan(with_more).analysed);
  }
  // Of five bytes, the last one may not go beyond 32 bits.
  EXPECT_FALSE(scan({0x20, 0x80, 0x80, 0x80, 0x80, 0x10, 0x1a}).analysed);
  EXPECT_FALSE(scan({0x41, 0x80, 0x80, 0x80, 0x80, 0x10, 0x1a}).analysed);
}

TEST(BodyScan, FollowsNothingWherePathsHaveEnded) {
  // br 0; global.get 0; i32.const 32; i32.sub; global.set 0; end of the block; then the same again
  const Bytes lowering{0x23, 0, 0x41, 32, 0x6b, 0x24, 0};
  Bytes instructions{0x02, 0x40, 0x0c, 0};
  test::append(instructions, lowering);
  instructions.push_back(0x0b);
  EXPECT_TRUE(scan(instructions).lowerings.empty());
  test::append(instructions, lowering);
  EXPECT_EQ(scan(instructions).lowerings.size(), 1U);
}

TEST(BodyScan, IsTheSameForAnyNumberOfThreads) {
  Bytes contents{100};
  for (std::uint8_t i = 0; i < 100; ++i)
    test::append(contents, {7, 0, 0x41, static_cast<std::uint8_t>(i % 64), 0x40, 0, 0x1a, 0x0b});
  Bytes bytes = test::header();
  bytes.insert(bytes.end(), {10, static_cast<std::uint8_t>((contents.size() & 0x7f) | 0x80),
                             static_cast<std::uint8_t>(contents.size() >> 7)});
  test::append(bytes, contents);
  const auto map = read_section_map(bytes, 0, bytes.size());
  ASSERT_TRUE(map.ok());
  ScanInput input;
  input.imported_functions = 5;
  const auto one = scan_bodies(bytes, map.value(), input, 1);
  const auto four = scan_bodies(bytes, map.value(), input, 4);
  ASSERT_EQ(one.size(), 100U);
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].grows.size(), 1U);
    EXPECT_EQ(one[i].grows[0].function, 5 + i);
    EXPECT_EQ(one[i].grows[0].file_offset, four[i].grows[0].file_offset);
    EXPECT_EQ(one[i].grows[0].delta_pages, four[i].grows[0].delta_pages);
  }
}

}  // namespace
}  // namespace wml
