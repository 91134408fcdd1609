// Binaryen as a peer of the body scan: reads modules with all their bodies and compares, function by function, what
// both see: calls, calls through tables, memory.grow, constants, and how the stack pointer is lowered.
//
//   binaryen_peer compare FILE...   prints the differences; exit code 1 when there are any
//   binaryen_peer frames FILE...    follows the stack pointer of every function through Binaryen's IR, and compares
//   with
//                                   what the scan made of it
//   binaryen_peer read FILE         reads it and nothing more: the bench measures that

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analyzer/files.h"
#include "analyzer/wasm/body_scan.h"
#include "analyzer/wasm/callee_facts.h"
#include "analyzer/wasm/lost_frames.h"
#include "analyzer/wasm/read_module.h"
#include "analyzer/wasm/type_section.h"
#include "parsing.h"
#include "wasm-binary.h"
#include "wasm-traversal.h"
#include "wasm.h"

namespace {

/// What either reader says of one body. Counts by callee and by table; constants and deltas sorted.
struct Seen {
  std::map<std::uint32_t, std::uint32_t> calls;
  std::map<std::uint32_t, std::uint32_t> through_tables;
  std::uint32_t through_references = 0;
  std::vector<std::int64_t> grows;  ///< deltas; -1 for those that are no constants
  std::vector<std::uint64_t> constants;
  std::vector<std::uint64_t> lowerings;  ///< prologues: the pointer less a constant, written back

  bool operator==(const Seen&) const = default;
};

std::uint64_t as_unsigned(const wasm::Literal& literal) {
  return literal.type == wasm::Type::i32 ? static_cast<std::uint32_t>(literal.geti32())
                                         : static_cast<std::uint64_t>(literal.geti64());
}

/// The constants that the scan keeps: multiples of 16 that could be addresses.
constexpr std::uint64_t kLow = 1, kHigh = std::uint64_t{1} << 32;
bool is_kept(std::uint64_t constant) { return constant >= kLow && constant < kHigh && constant % 16 == 0; }

class Walker : public wasm::PostWalker<Walker> {
public:
  Walker(wasm::Module& module, std::optional<wasm::Name> pointer, Seen& out) : pointer_(pointer), out_(out) {
    std::uint32_t i = 0;
    for (const auto& function : module.functions) functions_[function->name] = i++;
    i = 0;
    for (const auto& table : module.tables) tables_[table->name] = i++;
  }

  void visitCall(wasm::Call* curr) { ++out_.calls[functions_.at(curr->target)]; }
  void visitCallIndirect(wasm::CallIndirect* curr) { ++out_.through_tables[tables_.at(curr->table)]; }
  void visitCallRef(wasm::CallRef*) { ++out_.through_references; }
  void visitMemoryGrow(wasm::MemoryGrow* curr) {
    const auto* delta = curr->delta->dynCast<wasm::Const>();
    out_.grows.push_back(delta == nullptr ? -1 : static_cast<std::int64_t>(as_unsigned(delta->value)));
  }
  void visitConst(wasm::Const* curr) {
    if (curr->type != wasm::Type::i32 && curr->type != wasm::Type::i64) return;
    if (is_kept(as_unsigned(curr->value))) out_.constants.push_back(as_unsigned(curr->value));
  }
  void visitGlobalSet(wasm::GlobalSet* curr) {
    if (curr->name != pointer_) return;
    wasm::Expression* value = curr->value;
    if (auto* tee = value->dynCast<wasm::LocalSet>(); tee != nullptr && tee->isTee()) value = tee->value;
    // The pointer less a constant, or plus a negative one.
    const auto* binary = value->dynCast<wasm::Binary>();
    const bool sub = binary != nullptr && (binary->op == wasm::SubInt32 || binary->op == wasm::SubInt64);
    const bool add = binary != nullptr && (binary->op == wasm::AddInt32 || binary->op == wasm::AddInt64);
    if (!sub && !add) return;
    const auto* base = binary->left->dynCast<wasm::GlobalGet>();
    const auto* constant = binary->right->dynCast<wasm::Const>();
    if (base == nullptr || base->name != pointer_ || constant == nullptr) return;
    const std::int64_t bytes = constant->value.getInteger() * (sub ? 1 : -1);
    if (bytes > 0) out_.lowerings.push_back(static_cast<std::uint64_t>(bytes));
  }

private:
  std::optional<wasm::Name> pointer_;
  Seen& out_;
  std::map<wasm::Name, std::uint32_t> functions_, tables_;
};

void sort(Seen& seen) {
  std::ranges::sort(seen.grows);
  std::ranges::sort(seen.constants);
  std::ranges::sort(seen.lowerings);
}

Seen from_scan(const wml::BodySummary& body) {
  Seen seen;
  for (const wml::Call& call : body.calls) seen.calls[call.callee] += call.sites;
  for (const wml::IndirectCall& call : body.indirect_calls) {
    if (call.table)
      seen.through_tables[*call.table] += call.sites;
    else
      seen.through_references += call.sites;
  }
  for (const wml::GrowSite& grow : body.grows)
    seen.grows.push_back(grow.delta_pages ? static_cast<std::int64_t>(*grow.delta_pages) : -1);
  seen.constants.assign(body.constants.begin(), body.constants.end());
  return seen;
}

/// Binaryen keeps what can never run (behind a branch, after a call that does not return); the scan passes it over.
bool within(const Seen& ours, const Seen& theirs) {
  const auto counts = [](const auto& a, const auto& b) {
    return std::ranges::all_of(a, [&](const auto& entry) {
      const auto found = b.find(entry.first);
      return found != b.end() && entry.second <= found->second;
    });
  };
  return counts(ours.calls, theirs.calls) && counts(ours.through_tables, theirs.through_tables) &&
         ours.through_references <= theirs.through_references && std::ranges::includes(theirs.grows, ours.grows) &&
         std::ranges::includes(theirs.constants, ours.constants);
}

/// Reads with every body; names as they are in the file would only cost time.
void read_with_binaryen(wml::ByteSpan bytes, wasm::Module& module) {
  const std::vector<char> copy(bytes.begin(), bytes.end());
  module.features = wasm::FeatureSet::All;
  wasm::WasmBinaryReader reader(module, wasm::FeatureSet::All, copy);
  reader.setDebugInfo(false);
  reader.read();
}

struct Totals {
  std::size_t functions = 0, with_dead_code = 0, different = 0;
};

void compare(const std::string& path, wml::ByteSpan bytes, Totals& totals) {
  const auto facts = wml::read_module(path, bytes, 0, bytes.size(), {});
  if (!facts.ok()) {
    fmt::print("{}: {}\n", path, facts.error().message);
    ++totals.different;
    return;
  }
  wasm::Module module;
  read_with_binaryen(bytes, module);
  const auto pointer = facts.value().stack ? std::optional(facts.value().stack->pointer_global) : std::nullopt;
  const std::vector<wml::BodySummary> bodies = wml::scan_whole_module(bytes, pointer, kLow, kHigh);
  const std::size_t imported = module.functions.size() - bodies.size();
  Seen theirs;
  Walker walker(module, pointer ? std::optional(module.globals[*pointer]->name) : std::nullopt, theirs);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    theirs = {};
    walker.walk(module.functions[imported + i]->body);
    sort(theirs);
    Seen ours = from_scan(bodies[i]);
    sort(ours);
    ++totals.functions;
    std::vector<std::uint64_t> lowered;
    for (const wml::Lowering& lowering : bodies[i].lowerings) {
      if (lowering.global == pointer) lowered.push_back(lowering.bytes);
    }
    // Where a body lowers the pointer in this way once and in no other, the scan must have seen just that; where the
    // pointer is lower already, it goes down by as much at least.
    const std::uint64_t deepest = lowered.empty() ? 0 : std::ranges::max(lowered);
    const bool same_frame =
        theirs.lowerings.size() != 1 || bodies[i].frame.kind != wml::FrameKind::bounded ||
        (lowered.size() == 1 ? deepest == theirs.lowerings.front() : deepest >= theirs.lowerings.front());
    ours.lowerings = theirs.lowerings;
    if (bodies[i].analysed && same_frame && ours == theirs) continue;
    if (bodies[i].analysed && same_frame && within(ours, theirs)) {
      ++totals.with_dead_code;
      continue;
    }
    if (++totals.different <= 10) {
      fmt::print(
          "{}: function {}: calls {} and {}, through tables {} and {}, grows {} and {}, constants {} and {}, frame "
          "{}\n",
          path, imported + i, ours.calls.size(), theirs.calls.size(), ours.through_tables.size(),
          theirs.through_tables.size(), ours.grows.size(), theirs.grows.size(), ours.constants.size(),
          theirs.constants.size(), same_frame);
    }
  }
}

// Frames. The scan and the way through IR follow the pointer by the same rules, over two readings of the code.

struct FrameTotals {
  std::size_t functions = 0, lost = 0, told_apart = 0, different = 0;
};

std::uint32_t depth_in(const auto& depths, auto key) {
  const auto found = depths.find(key);
  return found == depths.end() ? 0 : found->second;
}

/// Depths at calls through one table are one in IR, whatever their types.
bool same_calls(const wml::BodySummary& body, const wml::IrFrame& in_ir) {
  std::map<std::optional<std::uint32_t>, std::uint32_t> indirect;
  for (const wml::IndirectCall& call : body.indirect_calls)
    indirect[call.table] = std::max(indirect[call.table], call.depth);
  return std::ranges::all_of(
             body.calls,
             [&](const wml::Call& call) { return depth_in(in_ir.depth_at_calls, call.callee) == call.depth; }) &&
         std::ranges::all_of(indirect, [&](const auto& call) {
           return depth_in(in_ir.depth_at_indirect_calls, call.first) == call.second;
         });
}

bool is_allocation(wml::FrameKind kind) { return kind == wml::FrameKind::dynamic || kind == wml::FrameKind::grows; }

/// What the scan says of a function against what IR does, when both take every call for one that may throw.
void compare_frame(const std::string& where, const wml::BodySummary& body, const std::optional<wml::IrFrame>& in_ir,
                   const wml::CalleeFacts& callees, FrameTotals& totals) {
  const wml::Frame& frame = body.frame;
  const bool holds = std::ranges::all_of(frame.assumed_to_return_first, [&](std::uint32_t callee) {
    return callee < callees.returns_first.size() && callees.returns_first[callee];
  });
  ++totals.functions;
  if (!body.analysed || frame.kind == wml::FrameKind::unknown || !holds) {
    ++totals.lost;
    return;
  }
  if (in_ir && is_allocation(frame.kind) && is_allocation(in_ir->frame.kind)) return;
  if (in_ir && in_ir->frame.kind == frame.kind && in_ir->frame.depth == frame.depth &&
      in_ir->frame.leaves_pointer_changed == frame.leaves_pointer_changed && same_calls(body, *in_ir))
    return;
  // The scan takes a local that holds the size of an allocation anywhere for one that does everywhere.
  if (in_ir && is_allocation(frame.kind) && in_ir->frame.kind == wml::FrameKind::bounded) {
    ++totals.told_apart;
    return;
  }
  ++totals.different;
  fmt::print("{}: frame {} of kind {}; in IR {}\n", where, frame.depth, static_cast<int>(frame.kind),
             in_ir ? fmt::format("{} of kind {}, calls {}", in_ir->frame.depth, static_cast<int>(in_ir->frame.kind),
                                 same_calls(body, *in_ir))
                   : "none");
}

void compare_frames(const std::string& path, wml::ByteSpan bytes, FrameTotals& totals) {
  constexpr std::size_t kBatch = 8000;  // what is built for one is freed before the next
  const auto facts = wml::read_module(path, bytes, 0, bytes.size(), {});
  if (!facts.ok() || !facts.value().stack) return;
  const std::uint32_t pointer = facts.value().stack->pointer_global;
  const auto map = wml::read_section_map(bytes, 0, bytes.size());
  auto types = wml::read_type_section(bytes, map.value());
  wml::ScanInput input{.types = std::move(types.value().types), .stack_pointer = pointer};
  input.function_types = wml::read_function_types(bytes, map.value());
  input.imported_functions = static_cast<std::uint32_t>(input.function_types.size() - map.value().bodies.size());
  const std::vector<wml::BodySummary> bodies = wml::scan_bodies(bytes, map.value(), input);
  const wml::CalleeFacts callees{wml::functions_returning_first(bodies, input.imported_functions),
                                 std::vector<bool>(input.function_types.size(), true)};
  for (std::size_t begin = 0; begin < bodies.size(); begin += kBatch) {
    std::vector<std::uint32_t> batch(std::min(kBatch, bodies.size() - begin));
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<std::uint32_t>(begin + i);
    const auto frames = wml::frames_in_ir(bytes, map.value(), input, callees, batch);
    for (std::size_t i = 0; i < batch.size(); ++i)
      compare_frame(fmt::format("{}: function {}", path, input.imported_functions + batch[i]), bodies[batch[i]],
                    frames[i], callees, totals);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string command = arguments.size() < 2 ? "" : arguments[0];
  if (command != "compare" && command != "frames" && command != "read") {
    std::fputs("usage: binaryen_peer compare FILE... | frames FILE... | read FILE\n", stderr);
    return 2;
  }
  auto& swallowed = *new std::stringbuf;  // never destroyed: cerr is flushed when main has ended
  std::cerr.rdbuf(&swallowed);            // Binaryen warns there
  Totals totals;
  FrameTotals frames;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto bytes = wml::read_file(arguments[i]);
    if (!bytes.ok()) {
      fmt::print("{}: {}\n", arguments[i], bytes.error().message);
      return 3;
    }
    try {
      if (command == "compare") {
        compare(arguments[i], bytes.value(), totals);
      } else if (command == "frames") {
        compare_frames(arguments[i], bytes.value(), frames);
      } else {
        wasm::Module module;
        read_with_binaryen(bytes.value(), module);
      }
    } catch (const wasm::ParseException& exception) {
      fmt::print("{}: {}\n", arguments[i], exception.text);
      return 3;
    }
  }
  if (command == "compare") {
    fmt::print("{} functions compared, {} of them with code that can never run, {} different\n", totals.functions,
               totals.with_dead_code, totals.different);
    return totals.different > 0 || totals.functions == 0 ? 1 : 0;
  }
  if (command == "frames") {
    fmt::print("{} frames compared, {} that the scan lost, {} where IR tells sizes apart, {} different\n",
               frames.functions, frames.lost, frames.told_apart, frames.different);
    return frames.different > 0 || frames.functions == 0 ? 1 : 0;
  }
  return 0;
}
