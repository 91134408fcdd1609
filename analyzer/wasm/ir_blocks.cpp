#include "analyzer/wasm/ir_blocks.h"

#include <utility>

#include "ir/branch-utils.h"

namespace wml {
namespace {

constexpr std::size_t kMostLinks = 1'000'000;

}  // namespace

void IrBlocks::visitExpression(wasm::Expression* curr) {
  switch (curr->_id) {
    case wasm::Expression::BlockId:  // when it has ended
    case wasm::Expression::IfId:
    case wasm::Expression::TryId: return;
    case wasm::Expression::BreakId: {
      auto* branch = curr->cast<wasm::Break>();
      if (currBasicBlock != nullptr && branch->value != nullptr) branch_values_[branch->name].push_back(branch->value);
      break;
    }
    case wasm::Expression::SwitchId: {
      auto* branch = curr->cast<wasm::Switch>();
      if (currBasicBlock == nullptr || branch->value == nullptr) break;
      for (const wasm::Name target : wasm::BranchUtils::getUniqueTargets(curr))
        branch_values_[target].push_back(branch->value);
      break;
    }
    case wasm::Expression::BrOnId:
    case wasm::Expression::TryTableId:
      // What they take along is no address, or was thrown.
      for (const wasm::Name target : wasm::BranchUtils::getUniqueTargets(curr))
        branch_values_[target].push_back(nullptr);
      break;
    // Another stack may run before the next instruction does.
    case wasm::Expression::ResumeId:
    case wasm::Expression::ResumeThrowId:
    case wasm::Expression::SuspendId:
    case wasm::Expression::StackSwitchId: refused_ = true; break;
    default: break;
  }
  add(curr);
}

void IrBlocks::doEndBlock(IrBlocks* self, wasm::Expression** at) {
  Walker::doEndBlock(self, at);
  const auto values = self->branch_values_.find((*at)->cast<wasm::Block>()->name);
  if (values != self->branch_values_.end()) {
    self->values_[*at] = std::move(values->second);
    self->branch_values_.erase(values);
  }
  self->add(*at);
}

void IrBlocks::doEndIf(IrBlocks* self, wasm::Expression** at) {
  Walker::doEndIf(self, at);
  self->add(*at);
}

void IrBlocks::doEndTry(IrBlocks* self, wasm::Expression** at) {
  Walker::doEndTry(self, at);
  self->add(*at);
}

void IrBlocks::doEndReturn(IrBlocks* self, wasm::Expression** at) {
  if (self->currBasicBlock != nullptr) self->currBasicBlock->contents.leaves = true;
  Walker::doEndReturn(self, at);
}

void IrBlocks::doEndCall(IrBlocks* self, wasm::Expression** at) {
  BasicBlock* last = self->currBasicBlock;
  if (last == nullptr || self->throwingInstsStack.empty() || !self->may_throw_(*at)) return;
  self->link_to_handlers();
  self->link(last, self->startBasicBlock());
  last->contents.after_call = self->currBasicBlock;
}

void IrBlocks::doEndThrow(IrBlocks* self, wasm::Expression**) {
  if (self->currBasicBlock != nullptr) self->link_to_handlers();
  self->startUnreachableBlock();
}

void IrBlocks::doEndResume(IrBlocks* self, wasm::Expression**) { self->refused_ = true; }

void IrBlocks::doStartTry(IrBlocks* self, wasm::Expression** at) {
  self->has_try_ = true;
  Walker::doStartTry(self, at);
}

void IrBlocks::doStartTryTable(IrBlocks* self, wasm::Expression** at) {
  self->has_try_table_ = true;
  Walker::doStartTryTable(self, at);
}

void IrBlocks::doStartCatches(IrBlocks* self, wasm::Expression** at) {
  self->limit_links((*at)->cast<wasm::Try>()->catchBodies.size());
  Walker::doStartCatches(self, at);
}

void IrBlocks::doEndTryTable(IrBlocks* self, wasm::Expression** at) {
  self->limit_links((*at)->cast<wasm::TryTable>()->catchDests.size());
  Walker::doEndTryTable(self, at);
}

/// Of what may throw in the innermost try, which ends here, to each of its handlers.
void IrBlocks::limit_links(std::size_t handlers) {
  links_ += throwingInstsStack.back().size() * handlers;
  refused_ |= links_ > kMostLinks;
  if (refused_) throwingInstsStack.back().clear();
}

/// Notes the current block for each handler that an exception at its end may reach: past a `delegate`'s tries, and
/// past a `catch_all` none.
void IrBlocks::link_to_handlers() {
  if (refused()) return;  // casts below rely on there being tries of one kind
  currBasicBlock->contents.may_throw = true;
  for (std::size_t i = tryStack.size(); i-- > 0;) {
    refused_ |= ++links_ > kMostLinks;
    if (refused_) return;
    const auto* legacy = tryStack[i]->dynCast<wasm::Try>();
    if (legacy != nullptr && legacy->isDelegate()) {
      if (legacy->delegateTarget == wasm::DELEGATE_CALLER_TARGET) return;
      for (; i > 0 && tryStack[i - 1]->cast<wasm::Try>()->name != legacy->delegateTarget; --i) ++links_;
      refused_ |= i == 0;  // none has that name
      continue;            // with the target
    }
    throwingInstsStack[i].push_back(currBasicBlock);
    if (legacy != nullptr ? legacy->hasCatchAll() : tryStack[i]->cast<wasm::TryTable>()->hasCatchAll()) return;
  }
}

}  // namespace wml
