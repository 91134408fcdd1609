#include "analyzer/wasm/lost_frames.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "analyzer/wasm/binaryen_reader.h"
#include "analyzer/wasm/type_section.h"
#include "tests/unit/wasm_bytes.h"

// What optimizers do to the stack pointer and the scan does not follow: each function is scanned, must be lost or not,
// and is then looked at through Binaryen's IR.

namespace wml {
namespace {

/// A module as it was scanned, before and after its lost frames were looked for.
struct Looked {
  std::vector<std::uint8_t> bytes;
  SectionMap map;
  ScanInput input;
  std::vector<BodySummary> before, after;
  LostFrames done;
};

Looked look(std::vector<std::uint8_t> bytes) {
  Looked out{.bytes = std::move(bytes)};
  auto map = read_section_map(out.bytes, 0, out.bytes.size());
  EXPECT_TRUE(map.ok());
  out.map = std::move(map.value());
  auto types = read_type_section(out.bytes, out.map);
  EXPECT_TRUE(types.ok());
  out.input.types = std::move(types.value().types);
  out.input.function_types = read_function_types(out.bytes, out.map);
  out.input.imported_functions = static_cast<std::uint32_t>(out.input.function_types.size() - out.map.bodies.size());
  out.input.stack_pointer = 0;
  out.before = scan_bodies(out.bytes, out.map, out.input);
  out.after = out.before;
  out.done = find_lost_frames(out.bytes, out.map, out.input, out.after);
  return out;
}

/// Functions that the tests' functions call: function 0 is imported, `$safe` returns and does nothing.
Looked look_at(const std::string& functions) {
  auto bytes = assemble_text(
      "(module (import \"env\" \"host\" (func $host)) (memory 1) (tag $tag)"
      "(global $sp (mut i32) (i32.const 65536))"
      "(table 1 funcref)"
      "(func $safe)" +
      functions + ")");
  EXPECT_TRUE(bytes.ok()) << (bytes.ok() ? "" : bytes.error().message);
  return look(std::move(bytes.value()));
}

Frame found_frame(const std::string& functions) {
  const Looked looked = look_at(functions);
  EXPECT_EQ(looked.before.back().frame.kind, FrameKind::unknown);
  EXPECT_FALSE(looked.before.back().frame.from_ir);
  return looked.after.back().frame;
}

::testing::AssertionResult is_bounded(const Frame& frame, std::uint64_t depth) {
  if (frame.kind == FrameKind::bounded && frame.from_ir && !frame.leaves_pointer_changed && frame.depth == depth)
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "kind " << static_cast<int>(frame.kind) << ", depth " << frame.depth
                                       << ", from IR " << frame.from_ir;
}

bool stays_lost(const Frame& frame) { return frame.kind == FrameKind::unknown && !frame.from_ir; }

TEST(LostFrames, AreNoneWhereTheScanFollows) {
  const Looked looked = look_at(R"((func (local $p i32)
    (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 32))))
    (call $host)
    (global.set $sp (i32.add (local.get $p) (i32.const 32)))))");
  EXPECT_EQ(looked.done.lost, 0U);
  EXPECT_EQ(looked.after.back().frame.depth, 32U);
  EXPECT_FALSE(looked.after.back().frame.from_ir);
}

TEST(LostFrames, FindsAConstantThatWasHoistedIntoALocal) {
  const auto function = [](const std::string& otherwise) {
    return R"((func (param i32) (local $p i32) (local $size i32)
      (local.set $size (i32.const 4096))
      (global.set $sp (local.tee $p (i32.sub (global.get $sp) (local.get $size))))
      (if (local.get 0) (then (call $host))" +
           otherwise + R"())
      (global.set $sp (i32.add (local.get $p) (local.get $size)))))";
  };
  const Looked looked = look_at(function(""));
  EXPECT_EQ(looked.before.back().frame.kind, FrameKind::unknown);
  EXPECT_TRUE(is_bounded(looked.after.back().frame, 4096));
  ASSERT_EQ(looked.after.back().calls.size(), 1U);
  EXPECT_EQ(looked.after.back().calls[0].depth, 4096U);
  // The local may hold another size by then.
  EXPECT_TRUE(stays_lost(found_frame(function("(local.set $size (i32.const 16))"))));
}

/// A handler restores the pointer from $p. The try's body overwrites $p, as register coloring has it where what is
/// called then does not throw.
std::string handler_after(const std::string& callee, const std::string& before = "") {
  return before + R"((func (param i32) (local $p i32)
    (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 48))))
    (block $out
      (try
        (do
          (call $host)
          (local.set $p (local.get 0))
          (call )" +
         callee + R"()
          (global.set $sp (i32.add (global.get $sp) (i32.const 48)))
          (br $out))
        (catch_all
          (global.set $sp (local.get $p))
          (call $host)
          (global.set $sp (i32.add (local.get $p) (i32.const 48)))
          (rethrow 0))))))";
}

TEST(LostFrames, FindsWhatHandlersRestoreFromAMergedLocal) {
  EXPECT_TRUE(is_bounded(found_frame(handler_after("$safe")), 48));
  EXPECT_TRUE(is_bounded(found_frame(handler_after("$calls", "(func $calls (call $safe))")), 48));
  // These may throw when the local holds something else.
  EXPECT_TRUE(stays_lost(found_frame(handler_after("$host"))));
  EXPECT_TRUE(stays_lost(found_frame(handler_after("$throws", "(func $throws (throw $tag))"))));
  EXPECT_TRUE(stays_lost(found_frame(handler_after("$calls", "(func $calls (call $host))"))));
  EXPECT_TRUE(stays_lost(found_frame(handler_after("$calls", "(func $calls (call_indirect (i32.const 0)))"))));
}

TEST(LostFrames, FindsWhatHandlersOfTryTablesRestore) {
  const auto function = [](const std::string& callee) {
    return R"((func (param i32) (local $p i32)
      (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 48))))
      (block $out
        (block $handler
          (try_table (catch_all $handler)
            (call $host)
            (local.set $p (local.get 0))
            (call )" +
           callee + R"()
            (global.set $sp (i32.add (global.get $sp) (i32.const 48)))
            (br $out)))
        (global.set $sp (local.get $p))
        (call $host)
        (global.set $sp (i32.add (local.get $p) (i32.const 48))))))";
  };
  EXPECT_TRUE(is_bounded(found_frame(function("$safe")), 48));
  EXPECT_TRUE(stays_lost(found_frame(function("$host"))));
}

TEST(LostFrames, KnowsThatAHandlerDoesNotFindThePointerWhereItWas) {
  // Nothing restores it there.
  EXPECT_TRUE(stays_lost(found_frame(R"((func
    (try (do (call $host)) (catch_all (call $host)))))")));
}

TEST(LostFrames, PassesATrysHandlersWhereItDelegates) {
  const auto function = [](const std::string& target) {
    return R"((func (param i32) (local $p i32)
      (local.set $p (global.get $sp))
      (try $outer
        (do
          (call $host)
          (local.set $p (local.get 0))
          (call $safe)
          (try (do (call $host)) (delegate )" +
           target + R"()))
        (catch_all (global.set $sp (local.get $p)) (call $host)))))";
  };
  EXPECT_TRUE(is_bounded(found_frame(function("1")), 0));
  EXPECT_TRUE(stays_lost(found_frame(function("$outer"))));
}

TEST(LostFrames, FindsWhatSeveralCalleesReturn) {
  const auto function = [](const std::string& second) {
    return R"(
    (func $first (param i32) (result i32) (local.get 0))
    (func $second (param i32) (result i32) )" +
           second + R"()
    (func (param i32) (local $p i32)
      (local.set $p (i32.sub (global.get $sp) (i32.const 64)))
      (global.set $sp (local.get $p))
      (if (local.get 0)
        (then (local.set $p (call $first (local.get $p))))
        (else (local.set $p (call $second (local.get $p)))))
      (global.set $sp (i32.add (local.get $p) (i32.const 64)))))";
  };
  EXPECT_TRUE(is_bounded(found_frame(function("(local.get 0)")), 64));
  EXPECT_TRUE(stays_lost(found_frame(function("(i32.const 8)"))));
}

TEST(LostFrames, TurnsALoopAsOftenAsItTakes) {
  // On each turn each local takes what the one before it held: what the first one is set to gets to the last one after
  // many turns.
  constexpr int kLocals = 250;
  std::string locals, before, shifts;
  for (int i = 0; i < kLocals; ++i) {
    const std::string local = "$l" + std::to_string(i);
    locals += " (local " + local + " i32)";
    before += "(local.set " + local + " (global.get $sp))";
  }
  for (int i = kLocals - 1; i > 0; --i)
    shifts += "(local.set $l" + std::to_string(i) + " (local.get $l" + std::to_string(i - 1) + "))";
  const Frame frame = found_frame("(func (param i32) (local $p i32)" + locals +
                                  "(global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 16))))" + before +
                                  "(loop $again " + shifts + R"((local.set $l0 (i32.add (global.get $sp) (i32.const 4)))
                                    (call $host) (br_if $again (local.get 0)))
                                  (global.set $sp (i32.add (local.get $p) (i32.const 16)))))");
  EXPECT_TRUE(is_bounded(frame, 16));
}

TEST(LostFrames, StayWhereNothingTellsThePointer) {
  const auto function = [](const std::string& value) {
    return "(func (param i32) (call $host) (global.set $sp " + value + "))";
  };
  EXPECT_TRUE(stays_lost(found_frame(function("(local.get 0)"))));
  EXPECT_TRUE(stays_lost(found_frame(function("(i32.load (i32.const 16))"))));
  EXPECT_TRUE(stays_lost(found_frame(function("(select (global.get $sp) (local.get 0) (local.get 0))"))));
}

TEST(LostFrames, StayWhereTheFunctionLeavesThePointerChanged) {
  const Looked looked = look_at(R"((func (param i32) (local $size i32)
    (local.set $size (i32.const 32))
    (if (local.get 0) (then (call $host)))
    (global.set $sp (i32.add (global.get $sp) (local.get $size)))))");
  EXPECT_TRUE(stays_lost(looked.after.back().frame));
}

/// A module of functions () -> () with these bodies, each without its size. Type 1 is (i32) -> (i32), and type 2
/// gives so many values; there is one tag.
std::vector<std::uint8_t> module_of(const std::vector<test::Bytes>& bodies, std::size_t results = 0) {
  const auto put = [](test::Bytes& out, std::size_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
    out.push_back(static_cast<std::uint8_t>(value));
  };
  const auto add = [&](test::Bytes& out, std::uint8_t id, const test::Bytes& contents) {
    out.push_back(id);
    put(out, contents.size());
    test::append(out, contents);
  };
  test::Bytes functions, code;
  put(functions, bodies.size());
  put(code, bodies.size());
  for (const test::Bytes& body : bodies) {
    functions.push_back(0);
    put(code, body.size());
    test::append(code, body);
  }
  test::Bytes bytes = test::header();
  test::Bytes types{3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0};
  put(types, results);
  test::append(types, test::Bytes(results, 0x7f));
  add(bytes, 1, types);
  add(bytes, 3, functions);
  add(bytes, 5, {1, 0, 1});
  add(bytes, 13, {1, 0, 0});
  add(bytes, 6, {1, 0x7f, 1, 0x41, 0x80, 0x80, 4, 0x0b});
  add(bytes, 10, code);
  return bytes;
}

/// Lost by the scan, found in IR: local 0 = 32; block { call 0 }; global 0 = global 0 - local 0 + local 0, through
/// local 1.
test::Bytes findable(const test::Bytes& first = {}) {
  test::Bytes body{1, 2, 0x7f};
  test::append(body, first);
  test::append(body, {0x41, 32,   0x21, 0, 0x23, 0,    0x20, 0,    0x6b, 0x22, 1,    0x24, 0,
                      0x02, 0x40, 0x10, 0, 0x0b, 0x20, 1,    0x20, 0,    0x6a, 0x24, 0,    0x0b});
  return body;
}
/// Some locals, and then: call 0; global 0 = load(0).
test::Bytes lost(test::Bytes locals = {0}) {
  test::append(locals, {0x10, 0, 0x41, 0, 0x28, 2, 0, 0x24, 0, 0x0b});
  return locals;
}

TEST(LostFrames, FollowsParametersOfLoops) {
  // global 0 = (local 0 = global 0 - 32, as a parameter); loop { global 0 = parameter; call 0; next; br_if 0 (local 1)
  // } with type 1; global 0 = what it gives + 32
  const auto frame_with = [](const test::Bytes& next) {
    test::Bytes body{1, 2, 0x7f, 0x23, 0, 0x41, 32, 0x6b, 0x03, 1, 0x22, 0, 0x24, 0, 0x10, 0};
    test::append(body, next);
    test::append(body, {0x20, 1, 0x0d, 0, 0x0b, 0x41, 32, 0x6a, 0x24, 0, 0x0b});
    const Looked looked = look(module_of({body}));
    EXPECT_EQ(looked.before[0].frame.kind, FrameKind::unknown);
    return looked.after[0].frame;
  };
  EXPECT_TRUE(is_bounded(frame_with({0x20, 0}), 32));                       // local 0
  EXPECT_EQ(frame_with({0x20, 0, 0x41, 16, 0x6b}).kind, FrameKind::grows);  // less 16: lower on each turn
}

// Hostile modules.

TEST(LostFrames, KeepsWhatTheFirstTurnOfALoopShows) {
  // The handler's local is overwritten where nothing throws, so that the scan loses the frame. Then a loop lowers the
  // pointer by what IR alone knows, on its first turn alone.
  const Looked looked = look_at(R"((func $throws (throw $tag))
    (func (local $a i32) (local $b i32) (local $x i32) (local $i i32)
      (global.set $sp (local.tee $b (i32.sub (local.tee $a (global.get $sp)) (i32.const 32))))
      (local.set $x (i32.const 1008))
      (try (do (call $throws) (local.set $b (i32.const 0)) (call $safe))
           (catch_all (global.set $sp (local.get $b)) (call $safe)))
      (loop $again
        (global.set $sp (i32.sub (local.get $a) (local.get $x)))
        (local.set $x (i32.const 32))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))
      (global.set $sp (local.get $a))))");
  EXPECT_FALSE(is_bounded(looked.after.back().frame, 32));
}

TEST(LostFrames, AreNotAllLookedForInAHostileModule) {
  const auto begin = std::chrono::steady_clock::now();
  const Looked looked = look(module_of(std::vector<test::Bytes>(20'000, lost())));
  EXPECT_EQ(looked.done.lost, 20'000U);
  EXPECT_LT(looked.done.looked_at, 100U);
  EXPECT_EQ(looked.done.found, 0U);
  // As many as there are, where they are found: in few reads.
  const Looked found = look(module_of(std::vector<test::Bytes>(20'000, findable())));
  EXPECT_EQ(found.done.found, 20'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(LostFrames, LeavesHugeBodiesAlone) {
  const Looked looked = look(module_of({findable(test::Bytes(1 << 20, 0x01)), findable()}));
  EXPECT_EQ(looked.done.lost, 2U);
  EXPECT_EQ(looked.done.looked_at, 1U);
  EXPECT_TRUE(stays_lost(looked.after[0].frame));
  EXPECT_TRUE(is_bounded(looked.after[1].frame, 32));
}

TEST(LostFrames, FindsTheOthersWhereBinaryenRefusesOne) {
  // drop, with nothing on the operand stack
  const Looked looked = look(module_of({findable(), lost({0, 0x1a}), findable()}));
  EXPECT_EQ(looked.done.lost, 3U);
  EXPECT_TRUE(is_bounded(looked.after[0].frame, 32));
  EXPECT_TRUE(stays_lost(looked.after[1].frame));
  EXPECT_TRUE(is_bounded(looked.after[2].frame, 32));
}

TEST(LostFrames, DoesNotLinkEachCallToEachOfManyHandlers) {
  const auto begin = std::chrono::steady_clock::now();
  // call 0, in tries in tries; each has a handler
  test::Bytes nested{0};
  constexpr std::size_t kTries = 10'000;
  for (std::size_t i = 0; i < kTries; ++i) test::append(nested, {0x06, 0x40});
  for (std::size_t i = 0; i < 60'000; ++i) test::append(nested, {0x10, 0});
  for (std::size_t i = 0; i < kTries; ++i) test::append(nested, {0x07, 0, 0x0b});
  // the same in one try with many handlers
  const auto flat = [](std::size_t handlers) {
    test::Bytes body{0, 0x06, 0x40};
    for (std::size_t i = 0; i < 60'000; ++i) test::append(body, {0x10, 0});
    for (std::size_t i = 0; i < handlers; ++i) test::append(body, {0x07, 0});
    body.push_back(0x0b);
    return lost(body);
  };
  // Function 0 throws, so that all of these may.
  const Looked looked = look(module_of({{0, 0x08, 0, 0x0b}, lost(nested), flat(900), flat(40'000)}));
  EXPECT_EQ(looked.done.lost, 3U);
  EXPECT_EQ(looked.done.looked_at, 2U);
  EXPECT_EQ(looked.done.found, 0U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(LostFrames, LeavesBodiesAloneThatMakeTooManyValues) {
  // Each of many blocks gives a hundred values.
  test::Bytes many = lost();
  many.pop_back();
  for (std::size_t i = 0; i < 50'000; ++i) test::append(many, {0x02, 2, 0x00, 0x0b});
  many.push_back(0x0b);
  const Looked looked = look(module_of({many, findable()}, 100));
  EXPECT_EQ(looked.done.lost, 2U);
  EXPECT_EQ(looked.done.looked_at, 1U);
  EXPECT_TRUE(is_bounded(looked.after[1].frame, 32));
}

TEST(LostFrames, DoesNotTurnLoopsForEver) {
  // loops in loops, each with a local that changes
  test::Bytes body{1, 40, 0x7f, 0x10, 0};
  constexpr std::uint8_t kLoops = 30;
  for (std::uint8_t i = 0; i < kLoops; ++i)
    test::append(body, {0x23, 0, 0x21, i, 0x03, 0x40, 0x20, i, 0x41, 4, 0x6a, 0x21, i});
  for (std::uint8_t i = 0; i < kLoops; ++i) test::append(body, {0x20, i, 0x0d, 0, 0x0b});
  const Looked looked = look(module_of({lost(body)}));
  EXPECT_EQ(looked.done.looked_at, 1U);
  EXPECT_TRUE(stays_lost(looked.after[0].frame));
}

}  // namespace
}  // namespace wml
