#include "analyzer/wasm/lost_frames.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "analyzer/wasm/callee_facts.h"
#include "analyzer/wasm/quiet_cerr.h"
#include "analyzer/wasm/slim_module.h"
#include "parsing.h"
#include "wasm-binary.h"
#include "wasm.h"

// The functions whose frames are lost are given to Binaryen in batches: it has to read the module's declarations, and a
// body of nothing for each function that they call, each time. A batch in which nothing is found is the last one, and
// the next is twice as big. A module that Asyncify rewrote has thousands of such functions, and in none of them IR
// knows more.

namespace wml {
namespace {

constexpr std::size_t kFirstBatch = 32;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;         // of all bodies
constexpr std::uint64_t kMostBytesOfOne = std::uint64_t{256} << 10U;  // and of each
// A few bytes of a body can take or give as many values as a type allows, and each is an expression of IR.
constexpr std::uint64_t kMostValues = 4'000'000;
constexpr std::uint32_t kMostCatches = 1000;    // of one try: Binaryen copies all handlers at each
constexpr int kMostReads = 64;                  // of a module; more than two where bodies are refused
constexpr std::size_t kMostSteps = 20'000'000;  // as IrFollower counts them

using Bodies = std::span<const std::uint32_t>;
using Frames = std::span<std::optional<IrFrame>>;

/// Has functions of one module followed.
class FrameFinder {
public:
  FrameFinder(ByteSpan file, const SectionMap& map, const ScanInput& input, const CalleeFacts& callees,
              std::size_t steps)
      : file_(file), map_(map), input_(input), callees_(callees), steps_left_(steps) {}

  /// Where Binaryen refuses one of the bodies, those are parted until it is alone.
  void find(Bodies bodies, Frames found) {
    if (reads_left_-- <= 0 || read_and_follow(bodies, found) || bodies.size() == 1) return;
    std::ranges::fill(found, std::nullopt);
    const std::size_t half = bodies.size() / 2;
    find(bodies.first(half), found.first(half));
    find(bodies.subspan(half), found.subspan(half));
  }

private:
  /// False when Binaryen refuses one of them.
  bool read_and_follow(Bodies bodies, Frames found) {
    const QuietCerr quiet;
    try {
      const SlimModule slim(file_, map_,
                            KeptBodies{.bodies = bodies,
                                       .function_types = input_.function_types,
                                       .imported_functions = input_.imported_functions});
      wasm::Module module;
      module.features = wasm::FeatureSet::All;  // must be set before reading
      wasm::WasmBinaryReader reader(module, wasm::FeatureSet::All, slim.bytes());
      reader.setDebugInfo(false);
      reader.read();
      IrFollower follower(module, slim.functions(), *input_.stack_pointer, callees_, steps_left_);
      for (std::size_t i = 0; i < bodies.size(); ++i) found[i] = follower.follow(input_.imported_functions + bodies[i]);
      return true;
    } catch (const wasm::ParseException&) {
      return false;
    } catch (const std::exception&) {  // Fatal() with THROW_ON_FATAL, or no memory
      return false;
    }
  }

  ByteSpan file_;
  const SectionMap& map_;
  const ScanInput& input_;
  const CalleeFacts& callees_;
  std::size_t steps_left_;
  int reads_left_ = kMostReads;
};

void put_into(BodySummary& body, IrFrame found) {
  const std::uint64_t file_offset = body.frame.file_offset;
  body.frame = std::move(found.frame);
  body.frame.from_ir = true;
  if (body.frame.kind != FrameKind::bounded) body.frame.file_offset = file_offset;
  for (Call& call : body.calls) call.depth = found.depth_at_calls[call.callee];
  for (IndirectCall& call : body.indirect_calls) call.depth = found.depth_at_indirect_calls[call.table];
}

/// The most values that an instruction takes or gives.
std::uint32_t most_values(const std::vector<FunctionType>& types) {
  constexpr std::uint32_t kMostFields = 10'000;  // of an object, as engines allow
  std::uint32_t most = 3;
  for (const FunctionType& type : types)
    most = std::max({most, type.params, type.results, type.is_function ? 0U : kMostFields});
  return most;
}

void leave_out_big_ones(std::vector<std::uint32_t>& lost, const ScanInput& input,
                        const std::vector<BodySummary>& bodies) {
  const std::uint64_t most_bytes = std::min(kMostBytes, kMostValues / most_values(input.types));
  std::uint64_t bytes = 0;
  std::erase_if(lost, [&](std::uint32_t index) {
    const BodySummary& body = bodies[index];
    const bool fits =
        body.bytes <= kMostBytesOfOne && bytes + body.bytes <= most_bytes && body.most_catches <= kMostCatches;
    if (fits) bytes += body.bytes;
    return !fits;
  });
}

}  // namespace

std::vector<std::uint32_t> lost_frames(const std::vector<BodySummary>& bodies) {
  std::vector<std::uint32_t> lost;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const Frame& frame = bodies[i].frame;
    const bool is_leaf = bodies[i].calls.empty() && bodies[i].indirect_calls.empty();
    const bool is_bounded = frame.kind == FrameKind::bounded && !frame.leaves_pointer_changed;
    const bool is_lost = !is_bounded && (frame.kind == FrameKind::unknown || frame.kind == FrameKind::bounded);
    if (bodies[i].analysed && is_lost && !(is_leaf && frame.leaves_pointer_changed))
      lost.push_back(static_cast<std::uint32_t>(i));
  }
  return lost;
}

std::vector<std::optional<IrFrame>> frames_in_ir(ByteSpan file, const SectionMap& map, const ScanInput& input,
                                                 const CalleeFacts& callees, std::span<const std::uint32_t> bodies) {
  std::vector<std::optional<IrFrame>> found(bodies.size());
  if (!input.stack_pointer || bodies.empty()) return found;
  FrameFinder(file, map, input, callees, ~std::size_t{0}).find(bodies, found);
  return found;
}

LostFrames find_lost_frames(ByteSpan file, const SectionMap& map, const ScanInput& input,
                            std::vector<BodySummary>& bodies) {
  std::vector<std::uint32_t> lost = lost_frames(bodies);
  LostFrames done{.lost = lost.size()};
  if (lost.empty() || !input.stack_pointer) return done;
  leave_out_big_ones(lost, input, bodies);
  const CalleeFacts callees{functions_returning_first(bodies, input.imported_functions),
                            functions_that_may_throw(bodies, input.imported_functions)};
  FrameFinder finder(file, map, input, callees, kMostSteps);
  std::size_t batch_size = kFirstBatch;
  for (std::span<const std::uint32_t> rest = lost; !rest.empty(); batch_size *= 2) {
    const auto batch = rest.first(std::min(batch_size, rest.size()));
    rest = rest.subspan(batch.size());
    done.looked_at += batch.size();
    std::vector<std::optional<IrFrame>> frames(batch.size());
    finder.find(batch, frames);
    const std::size_t found_before = done.found;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!frames[i] || frames[i]->frame.leaves_pointer_changed) continue;
      put_into(bodies[batch[i]], std::move(*frames[i]));
      ++done.found;
    }
    if (done.found == found_before) break;
  }
  return done;
}

}  // namespace wml
