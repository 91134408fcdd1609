#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "cfg/cfg-traversal.h"
#include "wasm-traversal.h"
#include "wasm.h"

namespace wml {

/// What one basic block does.
struct BlockContents {
  std::vector<wasm::Expression*> actions;  ///< in order of execution; control structures where their value is there
  const void* after_call = nullptr;        ///< the block behind the call that ends this one
  std::size_t index = 0;                   ///< of the block among all
  bool may_throw = false;                  ///< its last action: all successors but `after_call` are handlers
  bool leaves = false;                     ///< the function returns at its end
  bool is_loop_top = false;
};

/// The basic blocks of a function. Binaryen's walker takes every call for one that may throw; here `may_throw` is
/// asked, and only a call inside a try ends a block.
class IrBlocks : public wasm::CFGWalker<IrBlocks, wasm::UnifiedExpressionVisitor<IrBlocks>, BlockContents> {
  using Walker = wasm::CFGWalker<IrBlocks, wasm::UnifiedExpressionVisitor<IrBlocks>, BlockContents>;

public:
  explicit IrBlocks(std::function<bool(wasm::Expression*)> may_throw) : may_throw_(std::move(may_throw)) {}

  void walk(wasm::Function& function, wasm::Module& module) {
    walkFunctionInModule(&function, &module);
    for (std::size_t i = 0; i < basicBlocks.size(); ++i) basicBlocks[i]->contents.index = i;
    for (BasicBlock* top : loopTops) top->contents.is_loop_top = true;
  }
  /// Something is in it that is not followed here.
  bool refused() const { return refused_ || (has_try_ && has_try_table_); }
  /// The values that branches take to a block's end; null for one that is not known.
  const std::vector<wasm::Expression*>* values_for(const wasm::Expression* block) const {
    const auto found = values_.find(block);
    return found == values_.end() ? nullptr : &found->second;
  }

  void visitExpression(wasm::Expression* curr);

  // What Binaryen's walker calls.
  static void doEndBlock(IrBlocks* self, wasm::Expression** at);
  static void doEndIf(IrBlocks* self, wasm::Expression** at);
  static void doEndTry(IrBlocks* self, wasm::Expression** at);
  static void doEndReturn(IrBlocks* self, wasm::Expression** at);
  static void doEndCall(IrBlocks* self, wasm::Expression** at);
  static void doEndThrow(IrBlocks* self, wasm::Expression** at);
  static void doEndResume(IrBlocks* self, wasm::Expression** at);
  static void doStartTry(IrBlocks* self, wasm::Expression** at);
  static void doStartTryTable(IrBlocks* self, wasm::Expression** at);
  static void doStartCatches(IrBlocks* self, wasm::Expression** at);
  static void doEndTryTable(IrBlocks* self, wasm::Expression** at);

private:
  void add(wasm::Expression* curr) {
    if (currBasicBlock != nullptr) currBasicBlock->contents.actions.push_back(curr);
  }
  void link_to_handlers();
  void limit_links(std::size_t handlers);

  std::function<bool(wasm::Expression*)> may_throw_;
  std::map<wasm::Name, std::vector<wasm::Expression*>> branch_values_;  // of blocks that are open
  std::map<const wasm::Expression*, std::vector<wasm::Expression*>> values_;
  std::size_t links_ = 0;  // from calls to handlers, of which a small body can have billions
  bool refused_ = false, has_try_ = false, has_try_table_ = false;
};

}  // namespace wml
