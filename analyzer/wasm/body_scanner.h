#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "analyzer/wasm/instruction.h"
#include "analyzer/wasm/operand_stack.h"
#include "analyzer/wasm/pointer_state.h"

namespace wml {

/// Interprets one body at a time; see body_scanner.cpp for how. Keeps its memory from one body to the next.
class BodyScanner {
public:
  BodyScanner(ByteSpan file, const ScanInput& input) : file_(file), input_(input) {}

  /// Fills in `body`, whose place in the file is set.
  void scan(std::uint32_t function, BodySummary& body);

private:
  friend struct CommonInstructions;
  using Value = SymbolicValue;

  /// What is known of a body where a loop starts: what interpreting the loop again starts from.
  struct LoopStart {
    std::uint64_t file_offset = 0;                     ///< of `loop`
    std::array<std::uint32_t, kSummaryLists> found{};  ///< how long each list of the summary is
    std::uint64_t depth = 0;                           ///< of the frame
  };

  /// An open block, loop, if, try, or the function itself.
  struct Block {
    std::uint8_t opcode = 0;
    std::size_t stack_base = 0;
    std::uint32_t results = 0;
    std::uint32_t loop = 0;     ///< ordinal of a loop
    std::uint32_t catches = 0;  ///< of a try
    LoopStart start;            ///< of a loop
    bool entered_reachable = true;
    bool carries_values = false;              ///< a branch to it may take values along
    bool catches_all = false;                 ///< a try whose exceptions do not get out of it
    PointerState entry;                       ///< of a loop or if
    Meeting exit;                             ///< the branches to its end
    std::optional<PointerValue> result;       ///< what they, and its end, leave: one value that stands for all
    Meeting thrown;                           ///< what may throw in a try's body
    std::vector<std::uint32_t> catch_labels;  ///< of a try_table, relative to the block around it

    bool is_try_body() const { return opcode == op::kTry || opcode == op::kTryTable; }
  };

  /// The open blocks, innermost last. Closed ones keep their lists' memory for the next.
  class OpenBlocks {
  public:
    Block& open(std::uint8_t opcode);
    void close() { --count_; }
    void clear() { count_ = 0; }
    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    Block& back() { return blocks_[count_ - 1]; }
    const Block& back() const { return blocks_[count_ - 1]; }
    Block& operator[](std::size_t i) { return blocks_[i]; }

  private:
    std::vector<Block> blocks_;
    std::size_t count_ = 0;
  };

  void interpret();

  /// Where the operand stack ends, and where that of the innermost block begins.
  struct Registers {
    Value* top;
    Value* base;
  };
  void follow_common(ByteCursor& cursor);
  template <auto follow>
  Registers hand_on(const std::uint8_t* at, const Value* top, std::uint32_t immediate);
  Registers registers();

  void step(const Instruction& instruction);
  bool control(const Instruction& instruction);
  bool special(const Instruction& instruction);
  bool memory_instruction(const Instruction& instruction);
  void table_instruction(const Instruction& instruction);
  void apply_effect(StackEffect effect);

  void open_block(const Instruction& instruction);
  void open_loop();
  void next_part(const Instruction& instruction);
  void close_block(const Instruction& instruction);
  void branch_if(const Instruction& instruction);
  void branch(std::uint32_t label, bool takes_values = true);
  void branch_back(std::size_t block);
  void widen_local(std::size_t block, std::uint32_t local, PointerValue before, PointerValue now);
  void note_start(Block& loop);
  void repeat(Block& loop);
  void repeat_loop(std::size_t block);
  std::size_t outermost_loop();
  void leave_function();
  void end_of_path();
  void may_throw();
  void throws_here();
  void throw_out_of(const Block& block, std::size_t target);
  void catch_here(const Block& block);

  void call(const Instruction& instruction);
  void call_indirect(const Instruction& instruction);
  void watch(const Instruction& instruction, const FunctionType* type);
  void pop_and_push(const FunctionType* type);
  void arithmetic(const Instruction& instruction);
  void set_global(const Instruction& instruction);
  void set_local(std::uint32_t local, const Value& value);
  Value get_local(std::uint32_t local) const;
  void grow(const Instruction& instruction);
  void drop_grow_result(GrowSite& site);
  void write(Range range);
  void fill_or_init(const Instruction& instruction);
  void access(const Instruction& instruction);
  void save(const Value& address, const Value& stored, std::uint64_t offset);
  Value load_saved(const Value& address, const Instruction& instruction) const;
  void deepen(std::int64_t depth);
  void give_up_frame(FrameKind kind, std::uint64_t file_offset);
  std::uint32_t depth_at_call();

  void push(const Value& value) { stack_.push(value); }
  Value pop();
  Value pop_number();
  void lose(const Value& value);
  void lose_values();
  void carry_values(Block& target);
  void forget_stack();
  void forget_locals();
  void flag_local(std::uint32_t local, std::uint8_t flag);
  const PointerState& versioned_state();
  void mark_checked(const Value& value);

  ByteSpan file_;
  const ScanInput& input_;
  std::uint32_t function_ = 0;
  BodySummary scratch_;
  BodySummary* body_ = nullptr;
  std::uint64_t at_ = 0;  // of the current instruction
  bool reachable_ = true;
  bool takes_numbers_ = false;       // the instruction makes no address of its operands
  bool used_as_address_ = false;     // a dynamic value was, or may have been
  bool lost_pointer_ = false;        // a value that stack may be allocated from went where it is not followed
  bool calls_ = false;               // anything, as far as the body was looked at
  std::uint64_t lowest_formed_ = 0;  // depth of addresses that a loop's first turns formed
  std::int64_t lowest_written_ = 0;  // depth that the pointer was set to
  bool malformed_ = false;           // a part that its block does not have
  bool reads_size_ = false;
  bool sets_first_local_ = false;
  bool returns_other_ = false;  // something else than its first parameter, on some path
  static constexpr std::size_t kNoBlock = ~std::size_t{0};
  std::size_t repeat_from_ = kNoBlock;  // the open loop that is to be interpreted again from its start
  std::uint64_t resume_at_ = 0;         // where to go on instead of at the next instruction; 0: nowhere else
  std::uint64_t repeated_bytes_ = 0;    // that were interpreted more than once
  std::uint32_t loops_seen_ = 0;
  std::uint32_t loop_depth_ = 0;
  PointerState state_;
  std::uint64_t versions_ = 0;  // that states were given
  OpenBlocks blocks_;
  std::uint32_t tries_ = 0;  // try bodies that are open
  OperandStack stack_;
  std::uint64_t end_ = 0;      // of the body, in the file
  std::uint64_t left_at_ = 0;  // the instruction that follow_common left
  Instruction common_;         // what follow_common hands on; only what opcodes without a prefix have is ever set

  /// Why more than "unknown" may be known of a local. Of nearly all locals there is no reason.
  enum LocalFlag : std::uint8_t {
    kInStates = 1,        ///< it may be in a PointerState, for as long as the body is looked at
    kKnownHere = 2,       ///< locals_ has its value
    kHoldsRounded = 4,    ///< it holds a rounded size at some time, for as long as the body is looked at
    kFirstParameter = 8,  ///< it is the first one, and is not set yet
  };
  static constexpr std::uint32_t kMostLocals = 60'000;  // more than a valid function can have
  std::uint8_t flags_of(std::uint32_t local) const { return local < local_flags_.size() ? local_flags_[local] : 0; }
  std::vector<std::uint8_t> local_flags_;
  std::vector<std::uint32_t> flagged_locals_;  // where local_flags_ may be other than 0
  std::vector<Value> locals_;
  std::vector<std::uint32_t> known_locals_;  // those that are kKnownHere, to forget them quickly
  // What is learned of a body stays when it is interpreted again.
  std::map<std::pair<std::uint32_t, std::uint32_t>, PointerValue>
      loop_locals_;                                                    // (loop, local) -> what it is joined to
  std::vector<std::pair<std::uint32_t, PointerValue>> loop_pointers_;  // loop -> what the pointer is joined to
  std::optional<std::pair<FrameKind, std::uint64_t>> allocation_;      // an allocation without bound, and where
  std::set<std::int64_t> saved_at_;  // depths in the frame where values are kept that stack may be allocated from
  bool saves_inexactly_ = false;     // such a depth is not exact
};

}  // namespace wml
