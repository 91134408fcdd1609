#include "analyzer/wasm/allocator_fingerprint.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyzer/wasm/fingerprint.h"
#include "analyzer/wasm/instruction.h"

namespace wml {
namespace {

/// The integer constants of a body.
std::set<std::int64_t> constants_of(ByteSpan file, const BodySummary& body) {
  ByteCursor cursor(file, body.file_offset, body.file_offset + body.bytes);
  skip_locals(cursor);
  std::set<std::int64_t> constants;
  Instruction instruction;
  while (!cursor.at_end() && read_instruction(cursor, instruction)) {
    if (instruction.is(op::kI32Const) || instruction.is(op::kI64Const)) constants.insert(instruction.constant);
  }
  return constants;
}

class Search {
public:
  Search(ByteSpan file, const ModuleFacts& facts, const std::vector<BodySummary>& bodies, const ScanInput& input)
      : file_(file), segments_(facts.segments), bodies_(bodies), input_(input) {
    for (const ExportedFunction& item : facts.function_exports) {
      if (item.name == "malloc" || item.name == "_malloc") malloc_ = item.function;
    }
    std::vector<bool> grows(input.imported_functions + bodies.size());
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (bodies[i].grows.empty()) continue;
      grows[input.imported_functions + i] = true;
      growing_.push_back(i);
    }
    near_growth_ = growing_;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (bodies[i].grows.empty() && std::ranges::any_of(bodies[i].calls, [&](const Call& call) {
            return call.callee < grows.size() && grows[call.callee];
          })) {
        near_growth_.push_back(i);
      }
    }
  }

  /// The first that fits; the order matters, since later signs are weaker.
  std::optional<Fingerprint> find() const {
    if (auto found = dlmalloc()) return found;
    if (auto found = dlmalloc_rust()) return found;
    if (auto found = wee_alloc()) return found;
    if (auto found = emmalloc()) return found;
    if (auto found = assemblyscript()) return found;
    if (auto found = zig()) return found;
    if (auto found = talc()) return found;
    return doubling();
  }

private:
  bool has(std::size_t body, std::uint32_t marks) const { return (bodies_[body].marks & marks) == marks; }
  bool has_any(std::size_t body, std::uint32_t marks) const { return (bodies_[body].marks & marks) != 0; }
  std::uint32_t function(std::size_t body) const {
    return input_.imported_functions + static_cast<std::uint32_t>(body);
  }

  bool is_small(std::size_t body) const {
    constexpr std::size_t kMostConstants = 40;
    // Large functions have small constants by chance.
    return constants_of(file_, bodies_[body]).size() <= kMostConstants;
  }

  std::optional<std::size_t> body_with(std::uint32_t marks) const {
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      if (has(i, marks)) return i;
    }
    return std::nullopt;
  }

  std::optional<Fingerprint> dlmalloc() const {
    const auto body = body_with(kMark1431655768);
    if (!body) return std::nullopt;
    Fingerprint found{.allocator = &kDlmalloc, .functions = {function(*body)}};
    found.how = fmt::format("function {} has dlmalloc's magic number 1431655768", function(*body));
    found.growth_import = find_growth_import(bodies_, input_);
    // Builds with threads have it in a function of its own, which the allocator's functions call.
    constexpr std::uint64_t kSmallest = 2000;
    if (bodies_[*body].bytes < kSmallest) {
      for (std::size_t i = 0; i < bodies_.size(); ++i) {
        if (i != *body && calls(i, *body)) found.functions.push_back(function(i));
      }
    }
    if (malloc_ && !reaches(*malloc_, found.functions)) {
      found.allocator = nullptr;
      found.functions.clear();
      found.how += ", but malloc is another allocator";
    }
    return found;
  }

  std::optional<Fingerprint> dlmalloc_rust() const {
    for (const std::size_t body : near_growth_) {
      if (!has(body, kMark4095 | kMark245 | kMark256) || !has_any(body, kMark65583 | kMark65536)) continue;
      const bool masks = has(body, kMarkMinus65536) || std::ranges::any_of(growing_, [&](std::size_t grower) {
                           return has(grower, kMarkMinus65536) && calls(body, grower);
                         });
      if (!masks) continue;
      return Fingerprint{
          .allocator = &kDlmallocRust,
          .how = fmt::format("function {}, which grows memory, has the bin sizes of Rust's dlmalloc", function(body)),
          .functions = {function(body)}};
    }
    return std::nullopt;
  }

  bool calls(std::size_t caller, std::size_t callee) const {
    return std::ranges::any_of(bodies_[caller].calls,
                               [&](const Call& call) { return call.callee == function(callee); });
  }

  /// Whether `from` is one of `functions`, or calls one, or calls a function that does.
  bool reaches(std::uint32_t from, const std::vector<std::uint32_t>& functions) const {
    std::vector<std::uint32_t> level{from};
    for (int steps = 0; steps < 3; ++steps) {
      std::vector<std::uint32_t> next;
      for (const std::uint32_t at : level) {
        if (std::ranges::find(functions, at) != functions.end()) return true;
        if (at < input_.imported_functions) continue;
        for (const Call& call : bodies_[at - input_.imported_functions].calls) next.push_back(call.callee);
      }
      level = std::move(next);
    }
    return false;
  }

  std::string_view content(const SegmentFact& segment) const {
    return {reinterpret_cast<const char*>(file_.data()) + segment.file_offset, segment.bytes};
  }

  bool data_has(std::string_view text) const {
    return std::ranges::any_of(
        segments_, [&](const SegmentFact& segment) { return content(segment).find(text) != std::string_view::npos; });
  }

  std::optional<Fingerprint> wee_alloc() const {
    for (const std::size_t body : growing_) {
      if (!has(body, kMark65543 | kMark16384)) continue;
      return Fingerprint{
          .allocator = &kWee,
          .how = fmt::format("function {}, which grows memory, has wee_alloc's 65543 and 16384", function(body)),
          .functions = {function(body)}};
    }
    return std::nullopt;
  }

  std::optional<Fingerprint> emmalloc() const {
    constexpr std::uint32_t kBuckets = kMark110 | kMark71 | kMark63 | kMark29 | kMark30 | kMarkClz;
    Fingerprint found{.allocator = &kEmmalloc};
    bool has_limit = false;
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      const bool buckets = has(i, kBuckets), limit = has(i, kMarkMinus57);
      if ((!buckets && !limit) || !is_small(i)) continue;
      has_limit |= limit;
      if (buckets) found.functions.push_back(function(i));
    }
    if (!has_limit || found.functions.empty()) return std::nullopt;
    found.how = fmt::format("function {} computes emmalloc's buckets", found.functions.front());
    found.growth_import = find_growth_import(bodies_, input_);
    if (malloc_ && !reaches(*malloc_, found.functions)) {
      const bool mimalloc = data_has("mimalloc: warning: ");
      found.functions.clear();  // they are not malloc's
      found.allocator = mimalloc ? &kMimalloc : nullptr;
      found.how += mimalloc ? ", on top of which stands mimalloc, whose messages are in the data"
                            : ", but malloc is another allocator, which stands on top of it";
    }
    return found;
  }

  /// Its one growing function asks for as many pages as there are, and, when refused, for those that are missing.
  std::optional<Fingerprint> assemblyscript() const {
    for (const std::size_t body : growing_) {
      if (bodies_[body].grows.size() < 2 || !has(body, kMarkMemorySize)) continue;
      Fingerprint found{.policy = GrowthPolicy::doubling, .functions = {function(body)}};
      if (body_with(kMark536870910) || body_with(kMark536870904)) {
        found.allocator = &kTlsf;
        found.how =
            fmt::format("function {} grows as AssemblyScript does, and TLSF's largest block is there", function(body));
        return found;
      }
      const bool stub = std::ranges::any_of(near_growth_, [&](std::size_t near) {
        return (near == body || calls(near, body)) &&
               has_any(near, kMark1073741804 | kMark1073741820 | kMark1073741808);
      });
      if (!stub) continue;
      found.allocator = &kAsStub;
      found.how =
          fmt::format("function {} grows as AssemblyScript does, and its largest block is there", function(body));
      return found;
    }
    return std::nullopt;
  }

  std::optional<Fingerprint> zig() const {
    for (const std::size_t body : growing_) {
      if (!has(body, kMarkClz) || has(body, kMarkMemorySize) || !is_small(body)) continue;
      for (const std::size_t near : near_growth_) {
        if (near != body && !calls(near, body)) continue;
        if (!has(near, kMark65535 | kMark65539 | kMarkClz) || !is_small(near)) continue;
        return Fingerprint{
            .allocator = &kZig,
            .how = fmt::format("function {} grows by powers of two, and its caller has Zig's size classes",
                               function(body)),
            .functions = {function(body)}};
      }
    }
    return std::nullopt;
  }

  /// Its code has no constant of its own, but where Rust's panics say where they happened they name its sources, as
  /// Cargo keeps them: .../talc-4.4.3/src/talc.rs
  std::optional<Fingerprint> talc() const {
    if (growing_.size() != 1) return std::nullopt;
    constexpr std::string_view kCrate = "/talc-", kSources = "/src/";
    for (const SegmentFact& segment : segments_) {
      const std::string_view data = content(segment);
      for (std::size_t at = data.find(kCrate); at != std::string_view::npos; at = data.find(kCrate, at + 1)) {
        const std::string_view name =
            data.substr(at + 1, data.find_first_not_of("0123456789.", at + kCrate.size()) - at - 1);
        if (name.size() < kCrate.size() || !data.substr(at + 1 + name.size()).starts_with(kSources)) continue;
        return Fingerprint{
            .allocator = &kTalc,
            .how = fmt::format("sources of {} are named in the data, and one function grows memory", name)};
      }
    }
    return std::nullopt;
  }

  std::optional<Fingerprint> doubling() const {
    for (const std::size_t body : growing_) {
      if (!has(body, kMarkGrowsByItsSize)) continue;
      return Fingerprint{.policy = GrowthPolicy::doubling,
                         .how = fmt::format("function {} grows memory by its own size", function(body)),
                         .functions = {function(body)}};
    }
    return std::nullopt;
  }

  ByteSpan file_;
  const std::vector<SegmentFact>& segments_;
  const std::vector<BodySummary>& bodies_;
  const ScanInput& input_;
  std::optional<std::uint32_t> malloc_;   // where it is exported by its name
  std::vector<std::size_t> growing_;      // bodies with a memory.grow
  std::vector<std::size_t> near_growth_;  // those, and their direct callers
};

}  // namespace

std::optional<std::uint32_t> find_growth_import(const std::vector<BodySummary>& bodies, const ScanInput& input) {
  if (std::ranges::any_of(bodies, [](const BodySummary& body) { return !body.grows.empty(); })) return std::nullopt;
  for (const BodySummary& body : bodies) {
    if ((body.marks & kMarkMemorySize) == 0) continue;
    for (const Call& call : body.calls) {
      if (call.callee >= input.imported_functions) continue;
      const FunctionType* type = input.type_of_function(call.callee);
      if (type != nullptr && type->params == 1 && type->results == 1) return call.callee;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> find_dlmalloc_alignment(ByteSpan file, const std::vector<BodySummary>& bodies,
                                                     const ScanInput& input,
                                                     const std::vector<std::uint32_t>& functions) {
  constexpr std::int64_t kAdded16 = 4 + 15, kAdded8 = 4 + 7;
  bool adds8 = false;
  for (const std::uint32_t function : functions) {
    const std::set<std::int64_t> constants = constants_of(file, bodies[function - input.imported_functions]);
    if (constants.contains(kAdded16)) return 16;  // this one adds the other to something else
    adds8 |= constants.contains(kAdded8);
  }
  return adds8 ? std::optional<std::uint64_t>(8) : std::nullopt;
}

std::optional<Fingerprint> find_fingerprint(ByteSpan file, const ModuleFacts& facts,
                                            const std::vector<BodySummary>& bodies, const ScanInput& input) {
  return Search(file, facts, bodies, input).find();
}

}  // namespace wml
