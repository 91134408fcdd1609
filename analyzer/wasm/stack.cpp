#include "analyzer/wasm/stack.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/sorted.h"
#include "analyzer/wasm/static_data.h"

namespace wml {
namespace {

constexpr std::uint64_t kStackAlignment = 16;  // wasm-ld; tool-conventions, BasicCABI.md

bool is_llvm(Toolchain toolchain) {
  return toolchain == Toolchain::clang || toolchain == Toolchain::rust || toolchain == Toolchain::zig ||
         toolchain == Toolchain::emscripten || toolchain == Toolchain::swift;
}

struct Pointer {
  const GlobalFact* global;
  Basis basis;
};

std::optional<Pointer> named_pointer(const ModuleFacts& facts) {
  const GlobalFact* global = find_global(facts, "__stack_pointer");
  if (global == nullptr) return std::nullopt;
  const char* how = global->import ? "imported" : global->name.empty() ? "exported" : "named";
  return Pointer{global, {Evidence::symbol, fmt::format("global {} is {} __stack_pointer", global->index, how)}};
}

/// A stack pointer starts inside the memory that the module declares.
bool can_point_to_stack(const GlobalFact& global, const MemoryFact& memory) {
  return global.mutable_ && global.value && *global.value != 0 && *global.value % kStackAlignment == 0 &&
         *global.value <= memory.minimum_bytes();
}

/// The global that most functions lower by a constant and write back; the lowest index on a tie. (No function lowers
/// another global in that way in the modules that have names to compare with.)
std::optional<Pointer> lowered_pointer(const ModuleFacts& facts, const std::vector<BodySummary>& bodies) {
  const MemoryFact* memory = main_memory(facts);
  if (memory == nullptr) return std::nullopt;
  std::vector<std::uint32_t> functions(facts.globals.size());
  for (const BodySummary& body : bodies) {
    std::vector<std::uint32_t> lowered;
    lowered.reserve(body.lowerings.size());
    for (const Lowering& lowering : body.lowerings) lowered.push_back(lowering.global);
    sort_and_unique(lowered);
    for (const std::uint32_t global : lowered) {
      if (global < functions.size()) ++functions[global];
    }
  }
  const GlobalFact* best = nullptr;
  for (const GlobalFact& global : facts.globals) {
    if (functions[global.index] == 0 || !can_point_to_stack(global, *memory)) continue;
    if (best == nullptr || functions[global.index] > functions[best->index]) best = &global;
  }
  if (best == nullptr) return std::nullopt;
  return Pointer{
      best,
      {Evidence::heuristic, fmt::format("global {} is lowered by a constant and written back in {} function{}",
                                        best->index, functions[best->index], functions[best->index] == 1 ? "" : "s")}};
}

/// LLVM's linker creates __stack_pointer first, so it is global 0 also where no function has a frame.
std::optional<Pointer> first_global_pointer(const ModuleFacts& facts) {
  const MemoryFact* memory = main_memory(facts);
  if (!is_llvm(facts.toolchain.id) || memory == nullptr || facts.globals.empty()) return std::nullopt;
  const GlobalFact& first = facts.globals.front();
  if (first.import || !can_point_to_stack(first, *memory)) return std::nullopt;
  return Pointer{&first, {Evidence::heuristic, "global 0 of an LLVM toolchain; no function lowers it"}};
}

/// The end of what is known to lie below a stack that ends at `top`, and what tells it. Data, addresses that code uses
/// as constants, and what the start function clears (bss, where memory is imported) are no stack.
struct Below {
  std::uint64_t end;
  const char* what;
};

Below known_below(const ModuleFacts& facts, std::uint64_t top, std::uint64_t data_end,
                  const std::vector<BodySummary>& bodies) {
  Below below{data_end, "the last data segment"};
  const std::uint64_t access = highest_access_below(bodies, top);
  if (access > below.end) below = {access, "the highest constant address in code"};
  if (!facts.start) return below;
  for (const Range& write : facts.start->may_write) {
    if (write.high <= top && write.high > below.end) below = {write.high, "the bss that the start function clears"};
  }
  return below;
}

/// The stack lies below `top`, above the data.
void set_after_data(const ModuleFacts& facts, std::uint64_t top, std::uint64_t data_end,
                    const std::vector<BodySummary>& bodies, StackFact& stack) {
  stack.place = StackPlace::after_data;
  const std::uint64_t alignment = is_llvm(facts.toolchain.id) ? kStackAlignment : 1;
  if (const auto end = symbol_value(facts, "__data_end"); end && *end <= top) {
    const std::uint64_t bytes = top - align_up(*end, alignment);
    stack.reserved_bytes = Range{bytes, bytes};
    stack.size_basis = {Evidence::symbol, "from __data_end to where the stack pointer starts"};
    return;
  }
  const Below below = known_below(facts, top, data_end, bodies);
  const std::uint64_t most = top - align_up(below.end, alignment);
  stack.reserved_bytes = Range{0, most};
  stack.size_basis = {Evidence::derived,
                      fmt::format("between {} and the stack pointer's start; bss may take a part of it", below.what)};
  // wasm-ld's default, and Emscripten's before 3.1.27.
  constexpr std::uint64_t kDefault = 64 * 1024, kOldEmscripten = 5 * 1024 * 1024;
  const bool emscripten = facts.toolchain.id == Toolchain::emscripten;
  if (emscripten && most >= kOldEmscripten) {
    stack.likely_bytes = kOldEmscripten;
  } else if (most >= kDefault && most < 2 * kDefault) {
    stack.likely_bytes = kDefault;
  }
}

void set_size(const ModuleFacts& facts, const std::vector<BodySummary>& bodies, StackFact& stack) {
  const auto low = symbol_value(facts, "__stack_low");
  const auto high = symbol_value(facts, "__stack_high");
  const auto data = placed_data(facts);
  if (!stack.pointer_initial) return;
  const std::uint64_t top = *stack.pointer_initial;
  if (low && high && *low <= *high) {
    stack.reserved_bytes = Range{*high - *low, *high - *low};
    stack.place = *low == 0 ? StackPlace::first : StackPlace::after_data;
    stack.size_basis = {Evidence::symbol, "exported __stack_low and __stack_high"};
  } else if (!data) {
    // Without data nothing tells stack-first from data-first, and bss may lie below.
    stack.reserved_bytes = Range{0, top};
    stack.size_basis = {Evidence::derived, "up to where the stack pointer starts; there is no data to compare with"};
    const auto base = symbol_value(facts, "__global_base");
    const auto end = symbol_value(facts, "__data_end");
    if ((base && top <= *base) || (end && top <= *end)) {
      stack.place = StackPlace::first;
      stack.reserved_bytes = Range{top, top};
      stack.size_basis = {Evidence::symbol, "the stack pointer starts below __data_end, so the stack lies first"};
    }
  } else if (top <= data->low) {
    stack.place = StackPlace::first;
    stack.reserved_bytes = Range{top, top};
    stack.size_basis = {Evidence::derived, "the stack pointer starts below the data, so the stack begins at 0"};
  } else if (top >= data->high) {
    set_after_data(facts, top, data->high, bodies, stack);
  } else {
    stack.size_basis = {Evidence::assumed, "the stack pointer starts between data segments"};
  }
}

}  // namespace

std::optional<std::uint32_t> likely_stack_pointer(const ModuleFacts& facts) {
  if (const auto pointer = named_pointer(facts)) return pointer->global->index;
  const MemoryFact* memory = main_memory(facts);
  if (memory == nullptr) return std::nullopt;
  const auto first = std::ranges::find_if(
      facts.globals, [&](const GlobalFact& global) { return can_point_to_stack(global, *memory); });
  return first == facts.globals.end() ? std::nullopt : std::optional(first->index);
}

std::optional<StackFact> find_stack(const ModuleFacts& facts, const std::vector<BodySummary>& bodies) {
  std::optional<Pointer> pointer = named_pointer(facts);
  // Go names its own stack pointer SP; its goroutines' stacks are in its heap.
  if (!pointer && facts.toolchain.id == Toolchain::go) return std::nullopt;
  if (!pointer) pointer = lowered_pointer(facts, bodies);
  if (!pointer) pointer = first_global_pointer(facts);
  if (!pointer) return std::nullopt;
  StackFact stack{.pointer_global = pointer->global->index, .pointer_initial = pointer->global->value};
  stack.pointer_basis = std::move(pointer->basis);
  if (!stack.pointer_initial) stack.size_basis = {Evidence::assumed, "the host sets the stack pointer: it is imported"};
  set_size(facts, bodies, stack);
  return stack;
}

}  // namespace wml
