#include <algorithm>

#include "analyzer/wasm/body_scanner.h"

// Paths that do not just go on: a loop's next turn, and from a call to the handler of what it throws.

namespace wml {
namespace {

/// How many times the bytes of a body may be interpreted again; and after how many whole nests of loops are, so that
/// one turn learns what changes in each loop of the nest. A loop by itself is shorter, as a rule.
constexpr std::uint64_t kMostRepeats = 8, kManyRepeats = 2;

}  // namespace

/// What is known where a loop starts, for the case that it is interpreted again.
void BodyScanner::note_start(Block& loop) {
  loop.start.file_offset = at_;
  std::size_t list = 0;
  body_->for_each_list([&](const auto& found) { loop.start.found[list++] = static_cast<std::uint32_t>(found.size()); });
  loop.start.depth = body_->frame.depth;
}

/// At a loop's end: takes back what was listed in it, and goes to its start again with what was learned. All else
/// stays: the first turns, which fewer paths led to, are as real as the others. But addresses that those form
/// may be parts of others: a counter that begins below zero is known on the first turn.
void BodyScanner::repeat(Block& loop) {
  repeat_from_ = kNoBlock;
  repeated_bytes_ += at_ - loop.start.file_offset;
  resume_at_ = loop.start.file_offset;
  std::size_t list = 0;
  body_->for_each_list([&](auto& found) { found.cut(loop.start.found[list++]); });
  lowest_formed_ = std::max(lowest_formed_, body_->frame.depth);
  body_->frame.depth = loop.start.depth;
  loops_seen_ = loop.loop + 1;
  reachable_ = loop.entered_reachable;
  stack_.cut(loop.stack_base);
  loop.result.reset();
  state_ = loop.entry;
  open_loop();
  loop.entry = versioned_state();
}

/// Has the loop that is the open block `block` interpreted again, unless that was done too often.
void BodyScanner::repeat_loop(std::size_t block) {
  if (repeated_bytes_ > kMostRepeats * body_->bytes) return give_up_frame(FrameKind::unknown, body_->file_offset);
  if (repeated_bytes_ > kManyRepeats * body_->bytes) block = outermost_loop();
  repeat_from_ = std::min(repeat_from_, block);
}

/// The open block that it is, or none.
std::size_t BodyScanner::outermost_loop() {
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    if (blocks_[block].opcode == op::kLoop) return block;
  }
  return kNoBlock;
}

/// What was found to change from turn to turn is not known at the loop's start.
void BodyScanner::open_loop() {
  const std::uint32_t loop = blocks_.back().loop;
  for (auto entry = loop_locals_.lower_bound({loop, 0}); entry != loop_locals_.end() && entry->first.first == loop;
       ++entry) {
    const std::uint32_t local = entry->first.second;
    state_.set(local, join(state_.value_of(local), entry->second));
  }
  for (const auto& [widened, pointer] : loop_pointers_) {
    if (widened == loop) state_.set_pointer(join_pointers(state_.pointer, pointer));
  }
}

/// Whether the start of the loop, the open block `block`, assumed too much; then it is interpreted again with what is
/// learned here.
void BodyScanner::branch_back(std::size_t block) {
  const Block& loop = blocks_[block];
  if (state_.is_same_as(loop.entry)) return;
  for (const auto& [local, before] : loop.entry.locals) widen_local(block, local, before, state_.value_of(local));
  for (const auto& [local, now] : state_.locals) {
    const bool matters = !calls_ || now.kind == PointerValue::Kind::dynamic;
    if (matters && loop.entry.find(local) == nullptr) widen_local(block, local, PointerValue::unknown(), now);
  }
  const PointerValue joined = join_pointers(loop.entry.pointer, state_.pointer);
  if (joined == loop.entry.pointer) return;
  const auto widened = std::ranges::find(loop_pointers_, loop.loop, &std::pair<std::uint32_t, PointerValue>::first);
  if (widened == loop_pointers_.end()) {
    loop_pointers_.emplace_back(loop.loop, joined);
    repeat_loop(block);
  } else if (joined.kind == PointerValue::Kind::known) {
    give_up_frame(FrameKind::grows, at_);  // it was joined before, and is lower again
  } else if (widened->second != joined) {
    widened->second = joined;
    repeat_loop(block);
  }
}

/// A local has one value at a loop's start, and another one where the loop turns.
void BodyScanner::widen_local(std::size_t block, std::uint32_t local, PointerValue before, PointerValue now) {
  PointerValue joined = join(before, now);
  if (joined == before) return;
  const bool deeper = before.is_known() && now.is_known() && now.depth > before.depth;
  const bool assumed = before.assumed != PointerValue::kNobody || now.assumed != PointerValue::kNobody;
  // A function without calls may lower the pointer in a local alone, by multiples of its alignment; an address inside
  // the frame just walks over it.
  constexpr std::int64_t kAlignment = 16;
  if (deeper && !assumed && !before.interior && !now.interior && (now.depth - before.depth) % kAlignment == 0)
    return give_up_frame(FrameKind::grows, at_);
  if (deeper) joined = join_with_nothing(joined);
  const auto [known, is_new] = loop_locals_.try_emplace({blocks_[block].loop, local}, joined);
  if (!is_new) known->second = join_with_nothing(join(known->second, joined));  // it changed before
  repeat_loop(block);
}

/// A catch is entered from any call inside the try: the pointer is where the thrower left it, and locals are as they
/// were at the call. (Traps are not caught: exception handling proposal, "traps".) Without a call it is never entered.
void BodyScanner::catch_here(const Block& block) { state_ = {PointerValue::unknown(), block.thrown.state.locals}; }

/// Notes the locals as they are here for the handler that an exception reaches first.
void BodyScanner::may_throw() {
  for (std::size_t i = tries_ == 0 ? 0 : blocks_.size(); i-- > 0;) {
    if (blocks_[i].is_try_body()) return blocks_[i].thrown.add(versioned_state());
  }
}

/// An instruction that throws itself, not by what it calls.
void BodyScanner::throws_here() {
  body_->throws = true;
  may_throw();
}

/// What a try does not catch goes on to the try around it: the first one whose body the block `target` is, or is in.
void BodyScanner::throw_out_of(const Block& block, std::size_t target) {
  if (!block.thrown.reached || block.catches_all) return;
  for (std::size_t i = std::min(target + 1, blocks_.size()); i-- > 0;) {
    if (blocks_[i].is_try_body()) return blocks_[i].thrown.add(block.thrown.state);
  }
}

}  // namespace wml
