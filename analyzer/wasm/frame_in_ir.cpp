#include "analyzer/wasm/frame_in_ir.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "analyzer/wasm/ir_blocks.h"
#include "analyzer/wasm/ir_state.h"
#include "analyzer/wasm/pointer_arithmetic.h"
#include "ir/iteration.h"
#include "wasm.h"

// Interprets a function's basic blocks over the values that the scan has, until nothing changes any more; then once
// more, and what that sees is the answer. What the scan cannot know while it reads a body for the first time is known
// here: which callees never throw, so that what they find in locals reaches no handler; which return their first
// argument; what locals hold that are no addresses, past the ends of blocks; and a loop is turned as often as it takes.
//
// As the scan does, it gives up where a pointer is set to what is not known, and where a loop lowers it on each turn.

namespace wml {

/// What is the same for all functions of a module.
struct IrContext {
  wasm::Module& module;
  std::span<const std::uint32_t> indices;  // of its functions
  const CalleeFacts& callees;
  std::size_t& steps_left;
  wasm::Name stack_pointer;
  std::unordered_map<wasm::Name, std::uint32_t> functions, tables;  // their indices

  bool may_throw(const wasm::Expression* curr) const {
    const auto* call = curr->dynCast<wasm::Call>();
    if (call == nullptr) return true;
    const std::uint32_t callee = functions.at(call->target);
    return callee >= callees.may_throw.size() || callees.may_throw[callee];
  }
  bool returns_first(std::uint32_t callee) const {
    return callee < callees.returns_first.size() && callees.returns_first[callee];
  }
};

namespace {

/// Actions and joined locals of one function. Bodies of a hundred kilobytes take some hundred thousand.
constexpr std::size_t kMostSteps = 4'000'000;

/// What a callee returns that returns its first argument. As in the scan it counts where it is written back: an address
/// that is formed below it is mere distance until then.
constexpr std::uint32_t kProven = 0;

using Block = IrBlocks::BasicBlock;

bool is_number_operation(wasm::Binary& binary) {
  if (binary.isRelational()) return true;
  switch (binary.op) {
    case wasm::DivSInt32:
    case wasm::DivUInt32:
    case wasm::RemSInt32:
    case wasm::RemUInt32:
    case wasm::ShrSInt32:
    case wasm::ShrUInt32:
    case wasm::DivSInt64:
    case wasm::DivUInt64:
    case wasm::RemSInt64:
    case wasm::RemUInt64:
    case wasm::ShrSInt64:
    case wasm::ShrUInt64: return true;
    default: return false;
  }
}

bool is_number_operation(const wasm::Unary& unary) {
  switch (unary.op) {
    case wasm::ClzInt32:
    case wasm::CtzInt32:
    case wasm::PopcntInt32:
    case wasm::ClzInt64:
    case wasm::CtzInt64:
    case wasm::PopcntInt64:
    case wasm::EqZInt32:
    case wasm::EqZInt64: return true;
    default: return false;
  }
}

class Interpreter {
public:
  Interpreter(const IrContext& context, wasm::Function& function)
      : context_(context),
        blocks_([&context](const wasm::Expression* curr) { return context.may_throw(curr); }),
        function_(function) {}

  std::optional<IrFrame> run() {
    blocks_.walk(function_, context_.module);
    if (blocks_.refused()) return std::nullopt;
    entries_.resize(blocks_.basicBlocks.size());
    find_uses_elsewhere();
    const std::size_t most = std::min(kMostSteps, context_.steps_left);
    const bool is_done = interpret(most);
    context_.steps_left -= std::min(steps_, context_.steps_left);
    if (!is_done) return std::nullopt;
    is_final_ = true;
    for (const auto& block : blocks_.basicBlocks) {
      if (entries_[block->contents.index].reached) execute(*block);
    }
    const bool is_leaf = !calls_;
    // The red zone. Elsewhere what first turns of loops form may be part of an address: a counter that begins below
    // zero is known there.
    if (is_leaf && !writes_pointer_) deepen(lowest_formed_);
    if (grows_) {
      out_.frame.kind = FrameKind::grows;
    } else if (allocates_ || (is_leaf && used_as_address_)) {
      out_.frame.kind = FrameKind::dynamic;
    } else if (unknown_ || (is_leaf && lost_pointer_)) {
      return std::nullopt;
    }
    return std::move(out_);
  }

private:
  using Kind = PointerValue::Kind;

  /// Operands that other blocks take than those that compute them: no state says when they change.
  void find_uses_elsewhere() {
    std::unordered_map<const wasm::Expression*, std::size_t> computed_in;
    for (const auto& block : blocks_.basicBlocks) {
      const std::size_t here = block->contents.index;
      const auto take = [&](const wasm::Expression* operand) {
        const auto found = computed_in.find(operand);
        if (found != computed_in.end() && found->second != here) used_elsewhere_.emplace(operand, here);
      };
      for (wasm::Expression* action : block->contents.actions) {
        for (const wasm::Expression* operand : wasm::ChildIterator(action)) take(operand);
        if (const auto* branches = blocks_.values_for(action)) std::ranges::for_each(*branches, take);
        computed_in.emplace(action, here);
      }
    }
  }

  /// To where nothing changes; false when that takes too long.
  bool interpret(std::size_t most_steps) {
    entries_[blocks_.entry->contents.index].reached = true;
    waiting_.insert(blocks_.entry->contents.index);
    while (!waiting_.empty() && !grows_) {
      const Block& block = *blocks_.basicBlocks[*waiting_.begin()];
      waiting_.erase(waiting_.begin());
      execute(block);
      for (const Block* to : block.out) {
        // Where it was caught, the pointer is where the thrower left it.
        const bool is_caught = block.contents.may_throw && to != block.contents.after_call;
        const bool turns = to->contents.is_loop_top && to->contents.index <= block.contents.index;
        const PointerValue pointer = is_caught ? PointerValue::unknown() : state_.pointer;
        steps_ += state_.locals.size() + 1;
        if (entries_[to->contents.index].add(state_, pointer, turns)) waiting_.insert(to->contents.index);
        grows_ |= entries_[to->contents.index].grows;
      }
      steps_ += block.contents.actions.size() + 1;
      if (steps_ > most_steps) return false;
    }
    return true;
  }

  void execute(const Block& block) {
    state_ = entries_[block.contents.index].state;
    for (wasm::Expression* action : block.contents.actions) {
      const SymbolicValue value = evaluate(action);
      if (action->type.isConcrete()) keep(action, value);
    }
    if (!is_final_ || !block.contents.leaves) return;
    const PointerValue& pointer = state_.pointer;
    if (!pointer.is_known() || !pointer.exact || pointer.depth != 0) out_.frame.leaves_pointer_changed = true;
  }

  void keep(const wasm::Expression* action, const SymbolicValue& value) {
    const auto [known, is_new] = values_.try_emplace(action, value);
    if (!is_new && known->second == value) return;
    known->second = value;
    const auto [from, to] = used_elsewhere_.equal_range(action);
    for (auto use = from; use != to; ++use) {
      if (entries_[use->second].reached) waiting_.insert(use->second);
    }
  }

  /// What was last seen; an expression that is never reached has no value.
  SymbolicValue value_of(const wasm::Expression* expression) const {
    const auto found = expression == nullptr ? values_.end() : values_.find(expression);
    return found == values_.end() ? SymbolicValue{} : found->second;
  }

  SymbolicValue evaluate(wasm::Expression* curr) {  // NOLINT(readability-function-size): one flat switch
    switch (curr->_id) {
      case wasm::Expression::ConstId: return constant(*curr->cast<wasm::Const>());
      case wasm::Expression::LocalGetId: return state_.value_of(curr->cast<wasm::LocalGet>()->index);
      case wasm::Expression::LocalSetId: {
        const auto* set = curr->cast<wasm::LocalSet>();
        const SymbolicValue value = value_of(set->value);
        state_.set(set->index, value);
        return value;
      }
      case wasm::Expression::GlobalGetId:
        return curr->cast<wasm::GlobalGet>()->name == context_.stack_pointer ? pointer_value(state_.pointer)
                                                                             : SymbolicValue{};
      case wasm::Expression::GlobalSetId:
        if (curr->cast<wasm::GlobalSet>()->name == context_.stack_pointer)
          set_pointer(value_of(curr->cast<wasm::GlobalSet>()->value));
        return {};
      case wasm::Expression::BinaryId: return binary(*curr->cast<wasm::Binary>());
      case wasm::Expression::UnaryId:
        if (!is_number_operation(*curr->cast<wasm::Unary>())) use(curr->cast<wasm::Unary>()->value);
        return {};
      case wasm::Expression::SelectId: {
        const auto* select = curr->cast<wasm::Select>();
        return join_values(value_of(select->ifTrue), value_of(select->ifFalse));
      }
      case wasm::Expression::BlockId: return block_result(*curr->cast<wasm::Block>());
      case wasm::Expression::IfId:
        return join_results({curr->cast<wasm::If>()->ifTrue, curr->cast<wasm::If>()->ifFalse});
      case wasm::Expression::LoopId: return value_of(curr->cast<wasm::Loop>()->body);
      case wasm::Expression::TryTableId: return value_of(curr->cast<wasm::TryTable>()->body);
      case wasm::Expression::TryId: {
        const auto* curr_try = curr->cast<wasm::Try>();
        std::vector<wasm::Expression*> results(curr_try->catchBodies.begin(), curr_try->catchBodies.end());
        results.push_back(curr_try->body);
        return join_results(results);
      }
      case wasm::Expression::BreakId: return value_of(curr->cast<wasm::Break>()->value);
      case wasm::Expression::CallId: return call(*curr->cast<wasm::Call>());
      case wasm::Expression::CallIndirectId: {
        const auto* indirect = curr->cast<wasm::CallIndirect>();
        use(indirect->target);
        call_indirect(context_.tables.at(indirect->table));
        return {};
      }
      case wasm::Expression::CallRefId: call_indirect(std::nullopt); return {};
      case wasm::Expression::LoadId: return load(*curr->cast<wasm::Load>());
      case wasm::Expression::StoreId: store(*curr->cast<wasm::Store>()); return {};
      default: forget_operands(curr); return {};
    }
  }

  /// What becomes of the operands of other instructions is not followed.
  void forget_operands(wasm::Expression* curr) {
    switch (curr->_id) {
      case wasm::Expression::DropId:
      case wasm::Expression::ReturnId:
      case wasm::Expression::SwitchId: return;
      case wasm::Expression::MemoryCopyId:
        use(curr->cast<wasm::MemoryCopy>()->dest);
        use(curr->cast<wasm::MemoryCopy>()->source);
        return;
      case wasm::Expression::MemoryFillId: use(curr->cast<wasm::MemoryFill>()->dest); return;
      case wasm::Expression::MemoryInitId: use(curr->cast<wasm::MemoryInit>()->dest); return;
      default: break;
    }
    for (const wasm::Expression* operand : wasm::ChildIterator(curr)) {
      use(operand);
      // An address alone: what it gives is no pointer.
      const bool is_access = curr->is<wasm::SIMDLoad>() || curr->is<wasm::SIMDLoadStoreLane>() ||
                             curr->is<wasm::AtomicRMW>() || curr->is<wasm::AtomicCmpxchg>() ||
                             curr->is<wasm::AtomicWait>() || curr->is<wasm::AtomicNotify>();
      if (!is_access) lost_pointer_ |= value_of(operand).as_pointer().can_allocate();
    }
  }

  /// Of a dynamic value it may be an address, and then it was an allocation.
  void use(const wasm::Expression* operand) { used_as_address_ |= value_of(operand).is_dynamic(); }

  static SymbolicValue constant(const wasm::Const& curr) {
    if (curr.type != wasm::Type::i32 && curr.type != wasm::Type::i64) return {};
    return {.number = curr.value.getInteger(),
            .kind = SymbolicValue::Kind::constant,
            .is_i64 = curr.type == wasm::Type::i64};
  }

  SymbolicValue binary(wasm::Binary& curr) {
    const SymbolicValue left = value_of(curr.left), right = value_of(curr.right);
    const auto compute = [&](ArithmeticOp op) {
      const Arithmetic result = arithmetic(left, right, op, curr.type == wasm::Type::i32);
      if (is_final_) deepen(result.formed);
      lowest_formed_ = std::max(lowest_formed_, result.formed);
      allocates_ |= result.allocates;
      return result.value;
    };
    switch (curr.op) {
      case wasm::AddInt32:
      case wasm::AddInt64: return compute(ArithmeticOp::add);
      case wasm::SubInt32:
      case wasm::SubInt64: return compute(ArithmeticOp::sub);
      case wasm::AndInt32:
      case wasm::AndInt64: return compute(ArithmeticOp::mask);
      case wasm::MulInt32:
      case wasm::MulInt64: return product(right, op::kI32Mul);
      case wasm::ShlInt32:
      case wasm::ShlInt64: return product(right, op::kI32Shl);
      default: break;
    }
    if (!is_number_operation(curr)) {
      use(curr.left);
      use(curr.right);
    }
    return {};
  }

  void set_pointer(const SymbolicValue& value) {
    const PointerValue pointer = value.as_pointer();
    if (!value.is_pointer() || pointer.kind == Kind::maybe) {
      unknown_ = true;
      state_.pointer = PointerValue::unknown();
      return;
    }
    allocates_ |= pointer.kind == Kind::dynamic;
    if (pointer.is_known()) deepen(pointer.depth);
    writes_pointer_ |= pointer.is_known() && pointer.depth > 0;
    state_.pointer = pointer;
    state_.pointer.assumed = PointerValue::kNobody;
    state_.pointer.interior = false;
    for (auto& [local, kept] : state_.locals) kept.interior &= !(kept == value);
  }

  void deepen(std::int64_t depth) {
    if (depth > 0) out_.frame.depth = std::max(out_.frame.depth, static_cast<std::uint64_t>(depth));
  }

  /// The pointer's depth at a call.
  std::uint32_t depth() {
    calls_ = true;
    const PointerValue& pointer = state_.pointer;
    constexpr std::int64_t kMost = 0xffffffff;  // a frame that does not fit a 32-bit memory
    unknown_ |= pointer.kind == Kind::unknown || (pointer.is_known() && pointer.depth > kMost);
    return pointer.is_known() ? static_cast<std::uint32_t>(std::clamp<std::int64_t>(pointer.depth, 0, kMost)) : 0;
  }

  SymbolicValue call(const wasm::Call& curr) {
    const std::uint32_t callee = context_.functions.at(curr.target);
    std::uint32_t& deepest = out_.depth_at_calls[callee];
    const std::uint32_t here = depth();
    deepest = std::max(deepest, here);
    if (curr.operands.empty() || !context_.returns_first(callee)) return {};
    SymbolicValue first = value_of(curr.operands[0]);
    if (!first.is_pointer()) return {};
    first.index = kProven;
    return first;
  }

  void call_indirect(std::optional<std::uint32_t> table) {
    std::uint32_t& deepest = out_.depth_at_indirect_calls[table];
    const std::uint32_t here = depth();
    deepest = std::max(deepest, here);
  }

  /// What a block gives: from its end, and from the branches to it.
  SymbolicValue block_result(const wasm::Block& block) {
    if (!block.type.isConcrete()) return {};
    std::vector<wasm::Expression*> results;
    if (const auto* branches = blocks_.values_for(&block)) results = *branches;
    if (!block.list.empty()) results.push_back(block.list.back());
    steps_ += results.size();
    return join_results(results);
  }

  /// Of the results that are reached.
  SymbolicValue join_results(const std::vector<wasm::Expression*>& results) const {
    std::optional<SymbolicValue> joined;
    for (const wasm::Expression* result : results) {
      const auto found = values_.find(result);
      if (result != nullptr && found == values_.end()) continue;
      const SymbolicValue value = result == nullptr ? SymbolicValue{} : found->second;
      joined = joined ? join_values(*joined, value) : value;
    }
    return joined.value_or(SymbolicValue{});
  }

  /// At -O0 the frame keeps what a variable-length array's scope restores the pointer to.
  void store(const wasm::Store& curr) {
    use(curr.ptr);
    use(curr.value);
    const SymbolicValue address = value_of(curr.ptr);
    if (!value_of(curr.value).as_pointer().can_allocate() || !address.as_pointer().is_known()) return;
    const bool is_new = saved_at_.insert(address.number - static_cast<std::int64_t>(curr.offset.addr)).second ||
                        (!address.exact && !saves_inexactly_);
    saves_inexactly_ |= !address.exact;
    if (!is_new || is_final_) return;
    for (std::size_t i = 0; i < entries_.size(); ++i) {  // it may have been loaded before
      if (entries_[i].reached) waiting_.insert(i);
    }
  }

  SymbolicValue load(const wasm::Load& curr) {
    use(curr.ptr);
    const SymbolicValue address = value_of(curr.ptr);
    const bool whole = curr.type.isInteger() && curr.bytes == curr.type.getByteSize();
    if (saved_at_.empty() || !whole || !address.as_pointer().is_known()) return {};
    const bool saved = !address.exact || saves_inexactly_ ||
                       saved_at_.contains(address.number - static_cast<std::int64_t>(curr.offset.addr));
    return saved ? pointer_value(PointerValue::maybe()) : SymbolicValue{};
  }

  const IrContext& context_;
  IrBlocks blocks_;
  wasm::Function& function_;
  std::vector<IrEntry> entries_;   // by block
  std::set<std::size_t> waiting_;  // blocks whose entry changed; the walker makes them in an order that suits
  IrState state_;
  std::unordered_map<const wasm::Expression*, SymbolicValue> values_;
  std::unordered_multimap<const wasm::Expression*, std::size_t> used_elsewhere_;  // the blocks that take it
  std::set<std::int64_t> saved_at_;  // depths in the frame where values are kept that stack may be allocated from
  bool saves_inexactly_ = false;
  std::size_t steps_ = 0;
  bool is_final_ = false;           // nothing changes any more
  std::int64_t lowest_formed_ = 0;  // in bytes below the pointer's value on entry, on any turn
  IrFrame out_;
  bool calls_ = false, writes_pointer_ = false, grows_ = false, allocates_ = false, unknown_ = false;
  bool used_as_address_ = false, lost_pointer_ = false;
};

}  // namespace

IrFollower::IrFollower(wasm::Module& module, std::span<const std::uint32_t> functions, std::uint32_t stack_pointer,
                       const CalleeFacts& callees, std::size_t& steps_left)
    : context_(std::make_unique<IrContext>(IrContext{module, functions, callees, steps_left, {}, {}, {}})) {
  if (stack_pointer < module.globals.size()) context_->stack_pointer = module.globals[stack_pointer]->name;
  for (std::size_t i = 0; i < std::min(functions.size(), module.functions.size()); ++i)
    context_->functions.emplace(module.functions[i]->name, functions[i]);
  for (const auto& table : module.tables)
    context_->tables.emplace(table->name, static_cast<std::uint32_t>(context_->tables.size()));
}

IrFollower::~IrFollower() = default;

std::optional<IrFrame> IrFollower::follow(std::uint32_t function) {
  const auto at = std::ranges::lower_bound(context_->indices, function);
  if (!context_->stack_pointer.is() || at == context_->indices.end() || *at != function) return std::nullopt;
  const auto place = static_cast<std::size_t>(at - context_->indices.begin());
  if (place >= context_->module.functions.size()) return std::nullopt;
  wasm::Function& followed = *context_->module.functions[place];
  if (followed.imported()) return std::nullopt;
  return Interpreter(*context_, followed).run();
}

}  // namespace wml
