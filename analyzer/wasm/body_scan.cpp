#include "analyzer/wasm/body_scan.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "analyzer/wasm/instruction.h"

// One pass over a body with a small symbolic operand stack: a value is a constant, a global plus a constant, the
// result of a memory.grow, or unknown. Popping an empty stack gives unknown, so forgetting is always sound. Locals
// are followed through straight-line code and forgotten wherever control flow can join.

namespace wml {
namespace {

struct Value {
  enum class Kind : std::uint8_t { unknown, constant, global, grow_result };
  Kind kind = Kind::unknown;
  std::uint32_t index = 0;  // of the global, or of the grow site
  std::int64_t number = 0;  // the constant, or what was added to the global
};

constexpr Value kUnknown{};

/// A constant as an address or a size: i32 constants are kept sign-extended.
std::uint64_t as_unsigned(Value value) {
  return value.number < 0 ? static_cast<std::uint32_t>(value.number) : static_cast<std::uint64_t>(value.number);
}

/// The size of the access of a plain load or store, in bytes, by opcode.
std::uint64_t access_bytes(std::uint8_t code) {
  constexpr std::uint8_t kBytes[] = {4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4};
  return kBytes[code - op::kFirstLoad];
}

bool joins_control_flow(std::uint8_t code) {
  return code == op::kLoop || code == op::kElse || code == op::kEnd || code == op::kCatch || code == op::kCatchAll ||
         code == op::kDelegate;
}

class BodyScanner {
public:
  BodyScanner(ByteSpan file, ConstantWindow window) : file_(file), window_(window) {}

  void scan(std::uint32_t function, BodySummary& body);

private:
  void read_locals(ByteCursor& cursor);
  void step(const Instruction& instruction);
  bool special(const Instruction& instruction);
  void apply_effect(StackEffect effect);
  void arithmetic(const Instruction& instruction);
  void compare(const Instruction& instruction);
  void set_global(std::uint32_t global);
  void set_local(std::uint32_t local, Value value);
  void grow(const Instruction& instruction);
  void fill_or_init(const Instruction& instruction);
  void access(const Instruction& instruction, bool store);

  void push(Value value) { stack_.push_back(value); }
  Value pop() {
    if (stack_.empty()) return kUnknown;
    const Value top = stack_.back();
    stack_.pop_back();
    return top;
  }
  void mark_checked(Value value) {
    if (value.kind == Value::Kind::grow_result) body_->grows[value.index].result = GrowResult::checked;
  }

  ByteSpan file_;
  ConstantWindow window_;
  std::uint32_t function_ = 0;
  BodySummary* body_ = nullptr;
  std::vector<Value> stack_;
  std::vector<Value> locals_;
  std::vector<std::uint32_t> known_locals_;  // those of locals_ that are not unknown, to forget them quickly
};

void BodyScanner::scan(std::uint32_t function, BodySummary& body) {
  function_ = function;
  body_ = &body;
  stack_.clear();
  locals_.clear();
  known_locals_.clear();
  ByteCursor cursor(file_, body.file_offset, body.file_offset + body.bytes);
  read_locals(cursor);
  Instruction instruction;
  while (!cursor.at_end() && read_instruction(cursor, instruction)) step(instruction);
  body.analysed = !cursor.failed();
  body.writes_otherwise |= cursor.failed();
}

void BodyScanner::read_locals(ByteCursor& cursor) {
  const std::uint32_t groups = cursor.u32("local groups");
  for (std::uint32_t i = 0; i < groups && !cursor.failed(); ++i) {
    cursor.u32("a number of locals");
    const std::int64_t type = cursor.s33("a local's type");
    if (type == -0x1d || type == -0x1c) cursor.s33("a heap type");
  }
}

void BodyScanner::step(const Instruction& instruction) {
  if (joins_control_flow(instruction.code)) {
    for (const std::uint32_t local : known_locals_) locals_[local] = kUnknown;
    known_locals_.clear();
  }
  if (!special(instruction)) apply_effect(instruction.effect);
}

/// Instructions whose operands or results matter; false for all others.
bool BodyScanner::special(const Instruction& instruction) {  // NOLINT(readability-function-size): one flat switch
  switch (instruction.code) {
    case op::kI32Const:
    case op::kI64Const: {
      push({Value::Kind::constant, 0, instruction.constant});
      const std::uint64_t address = instruction.code == op::kI32Const
                                        ? static_cast<std::uint32_t>(instruction.constant)
                                        : static_cast<std::uint64_t>(instruction.constant);
      if (address >= window_.low && address < window_.high && address % 16 == 0) body_->constants.push_back(address);
      return true;
    }
    case op::kLocalGet: push(instruction.index < locals_.size() ? locals_[instruction.index] : kUnknown); return true;
    case op::kLocalSet: set_local(instruction.index, pop()); return true;
    case op::kLocalTee:
      if (stack_.empty()) push(kUnknown);
      set_local(instruction.index, stack_.back());
      return true;
    case op::kGlobalGet: push({Value::Kind::global, instruction.index, 0}); return true;
    case op::kGlobalSet: set_global(instruction.index); return true;
    case op::kDrop: {
      const Value value = pop();
      if (value.kind == Value::Kind::grow_result && body_->grows[value.index].result == GrowResult::unknown) {
        body_->grows[value.index].result = GrowResult::ignored;
      }
      return true;
    }
    case op::kCall:
    case op::kReturnCall:
      body_->calls.push_back(instruction.index);
      body_->writes_otherwise = true;
      stack_.clear();
      return true;
    case op::kCallIndirect:
    case op::kReturnCallIndirect:
    case op::kCallRef:
    case op::kReturnCallRef:
    case op::kSimdPrefix:
    case op::kAtomicPrefix: body_->writes_otherwise = true; return false;
    case op::kMemoryGrow: grow(instruction); return true;
    case op::kI32Add:
    case op::kI64Add:
    case op::kI32Sub:
    case op::kI64Sub:
    case op::kI32And:
    case op::kI64And: arithmetic(instruction); return true;
    case op::kI32Eqz:
      mark_checked(pop());
      push(kUnknown);
      return true;
    case op::kMiscPrefix:
      if (instruction.second == op::kDataDrop) body_->dropped.push_back(instruction.index);
      if (instruction.second == op::kMemoryFill || instruction.second == op::kMemoryInit) {
        fill_or_init(instruction);
        return true;
      }
      body_->writes_otherwise |= instruction.second == op::kMemoryCopy;
      return false;
    default: break;
  }
  if (instruction.code >= op::kFirstLoad && instruction.code <= op::kLastLoad) {
    access(instruction, false);
    return true;
  }
  if (instruction.code >= op::kFirstStore && instruction.code <= op::kLastStore) {
    access(instruction, true);
    return true;
  }
  const bool i32_compare = instruction.code >= op::kI32Eq && instruction.code <= 0x4f;
  const bool i64_compare = instruction.code >= op::kI64Eq && instruction.code <= 0x5a;
  if (!i32_compare && !i64_compare) return false;
  compare(instruction);
  return true;
}

void BodyScanner::apply_effect(StackEffect effect) {
  switch (effect) {
    case StackEffect::forget: stack_.clear(); break;
    case StackEffect::nothing: break;
    case StackEffect::push: push(kUnknown); break;
    case StackEffect::ternary: pop(); [[fallthrough]];
    case StackEffect::binary: pop(); [[fallthrough]];
    case StackEffect::unary:
      pop();
      push(kUnknown);
      break;
    case StackEffect::pop2: pop(); [[fallthrough]];
    case StackEffect::pop: pop(); break;
  }
}

void BodyScanner::arithmetic(const Instruction& instruction) {
  const Value right = pop();
  const Value left = pop();
  const bool is_and = instruction.is(op::kI32And) || instruction.is(op::kI64And);
  const bool is_sub = instruction.is(op::kI32Sub) || instruction.is(op::kI64Sub);
  const Value* global = left.kind == Value::Kind::global ? &left : right.kind == Value::Kind::global ? &right : nullptr;
  const Value& other = global == &left ? right : left;
  if (global == nullptr || other.kind != Value::Kind::constant || (is_sub && global == &right)) {
    push(kUnknown);
    return;
  }
  Value result = *global;
  // An alignment mask (and -64) keeps the value a lowered global; by how much more is not known here.
  if (!is_and) {
    const std::uint64_t sum =
        is_sub ? static_cast<std::uint64_t>(global->number) - static_cast<std::uint64_t>(other.number)
               : static_cast<std::uint64_t>(global->number) + static_cast<std::uint64_t>(other.number);
    result.number = static_cast<std::int64_t>(sum);
  } else if (other.number >= 0) {
    result = kUnknown;
  }
  push(result);
}

/// memory.grow gives -1 when it fails: any comparison of its result is taken for a check.
void BodyScanner::compare(const Instruction&) {
  mark_checked(pop());
  mark_checked(pop());
  push(kUnknown);
}

void BodyScanner::set_global(std::uint32_t global) {
  const Value value = pop();
  if (value.kind == Value::Kind::global && value.index == global && value.number < 0) {
    body_->lowerings.push_back({global, static_cast<std::uint64_t>(-value.number)});
  }
}

void BodyScanner::set_local(std::uint32_t local, Value value) {
  constexpr std::uint32_t kMostLocals = 60'000;  // more than a valid function can have
  if (local >= kMostLocals) return;
  if (local >= locals_.size()) {
    if (value.kind == Value::Kind::unknown) return;
    locals_.resize(local + 1);
  }
  if (value.kind != Value::Kind::unknown && locals_[local].kind == Value::Kind::unknown) known_locals_.push_back(local);
  locals_[local] = value;
}

void BodyScanner::grow(const Instruction& instruction) {
  const Value delta = pop();
  GrowSite site{.function = function_, .file_offset = instruction.file_offset, .memory = instruction.index};
  if (delta.kind == Value::Kind::constant) site.delta_pages = as_unsigned(delta);
  push({Value::Kind::grow_result, static_cast<std::uint32_t>(body_->grows.size()), 0});
  body_->grows.push_back(site);
}

void BodyScanner::fill_or_init(const Instruction& instruction) {
  const Value bytes = pop();
  const Value source = pop();  // the byte to fill with, or the offset in the segment
  const Value address = pop();
  const bool first_memory = instruction.is_misc(op::kMemoryFill) ? instruction.index == 0 : instruction.index2 == 0;
  if (bytes.kind != Value::Kind::constant || address.kind != Value::Kind::constant || !first_memory) {
    body_->writes_otherwise = true;
    return;
  }
  const bool from_start = source.kind == Value::Kind::constant && source.number == 0;
  if (instruction.is_misc(op::kMemoryInit) && from_start)
    body_->inits.push_back({instruction.index, as_unsigned(address)});
  body_->constant_writes.push_back({as_unsigned(address), as_unsigned(address) + as_unsigned(bytes)});
}

void BodyScanner::access(const Instruction& instruction, bool store) {
  if (store) pop();
  const Value address = pop();
  if (!store) push(kUnknown);
  if (address.kind != Value::Kind::constant || instruction.memory != 0) {
    body_->writes_otherwise |= store;
    return;
  }
  const std::uint64_t low = as_unsigned(address) + instruction.offset;
  const std::uint64_t end = low + access_bytes(instruction.code);
  if (end <= window_.high) body_->highest_access = std::max(body_->highest_access, end);
  if (store) body_->constant_writes.push_back({low, end});
}

std::vector<BodySummary> find_bodies(ByteSpan file, const Section& code) {
  std::vector<BodySummary> bodies(code.count);
  ByteCursor cursor(file, code.begin, code.end);
  cursor.u32("the number of functions");
  for (BodySummary& body : bodies) {
    body.bytes = cursor.u32("the size of a function body");
    body.file_offset = cursor.position();
    cursor.skip(body.bytes, "a function body");
  }
  return bodies;
}

}  // namespace

std::vector<BodySummary> scan_bodies(ByteSpan file, const SectionMap& map, std::uint32_t imported_functions,
                                     ConstantWindow window, unsigned threads) {
  const Section* code = map.find(SectionId::code);
  if (code == nullptr) return {};
  std::vector<BodySummary> bodies = find_bodies(file, *code);

  // Small batches that each thread takes as it gets free: bodies differ in size by orders of magnitude.
  constexpr std::size_t kBatch = 64;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    BodyScanner scanner(file, window);
    for (std::size_t begin = next.fetch_add(kBatch); begin < bodies.size(); begin = next.fetch_add(kBatch)) {
      const std::size_t end = std::min(begin + kBatch, bodies.size());
      for (std::size_t i = begin; i < end; ++i)
        scanner.scan(imported_functions + static_cast<std::uint32_t>(i), bodies[i]);
    }
  };
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  // A thread costs about as much as scanning this many bytes.
  constexpr std::uint64_t kBytesWorthAThread = 64 * 1024;
  const std::uint64_t useful = 1 + (code->end - code->begin) / kBytesWorthAThread;
  threads = static_cast<unsigned>(std::min<std::uint64_t>(threads, useful));
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  return bodies;
}

}  // namespace wml
