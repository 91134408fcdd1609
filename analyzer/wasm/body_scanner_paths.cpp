#include <algorithm>

#include "analyzer/wasm/body_scanner.h"

// Paths that do not just go on: a loop's next turn, and from a call to the handler of what it throws.

namespace wml {

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

/// Whether the loop's start assumed too much; then the body is interpreted again with what was learned here.
void BodyScanner::branch_back(Block& loop) {
  if (state_.is_same_as(loop.entry)) return;
  for (const auto& [local, before] : loop.entry.locals) widen_local(loop, local, before, state_.value_of(local));
  for (const auto& [local, now] : state_.locals) {
    const bool matters = may_be_leaf_ || now.kind == PointerValue::Kind::dynamic;
    if (matters && loop.entry.find(local) == nullptr) widen_local(loop, local, PointerValue::unknown(), now);
  }
  const PointerValue joined = join_pointers(loop.entry.pointer, state_.pointer);
  if (joined == loop.entry.pointer) return;
  const auto widened = std::ranges::find(loop_pointers_, loop.loop, &std::pair<std::uint32_t, PointerValue>::first);
  if (widened == loop_pointers_.end()) {
    loop_pointers_.emplace_back(loop.loop, joined);
    restart_ = true;
  } else if (joined.kind == PointerValue::Kind::known) {
    give_up_frame(FrameKind::grows, at_);  // it was joined before, and is lower again
  } else if (widened->second != joined) {
    widened->second = joined;
    restart_ = true;
  }
}

/// A local has one value at a loop's start, and another one where the loop turns.
void BodyScanner::widen_local(const Block& loop, std::uint32_t local, PointerValue before, PointerValue now) {
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
  const auto [known, is_new] = loop_locals_.try_emplace({loop.loop, local}, joined);
  if (!is_new) known->second = join_with_nothing(join(known->second, joined));  // it changed before
  restart_ = true;
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
