#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/wasm/allocator_kinds.h"
#include "analyzer/wasm/body_scan.h"

namespace wml {

/// An allocator that is recognised by what stripping and optimisation leave: docs/allocators.md has the signs, and the
/// modules that they were tried on.
struct Fingerprint {
  const Allocator* allocator = nullptr;  ///< none: only `policy` is known
  GrowthPolicy policy = GrowthPolicy::unknown;
  std::string how;
  std::vector<std::uint32_t> functions;        ///< those that have the signs
  std::optional<std::uint32_t> growth_import;  ///< the import by which the host grows memory, whatever its name is
};

/// The import by which the host grows memory, in a module without a memory.grow. Emscripten's sbrk asks the host with
/// one number and gets an answer, beside a memory.size; optimised builds shorten the import's name to a letter.
std::optional<std::uint32_t> find_growth_import(const std::vector<BodySummary>& bodies, const ScanInput& input);

/// The alignment of dlmalloc's blocks in bytes: 16 in wasi-libc, 8 in Emscripten. Told by the constant that its
/// `functions` add to a request: 4 bytes of head, and what rounding up takes.
std::optional<std::uint64_t> find_dlmalloc_alignment(ByteSpan file, const std::vector<BodySummary>& bodies,
                                                     const ScanInput& input,
                                                     const std::vector<std::uint32_t>& functions);

std::optional<Fingerprint> find_fingerprint(ByteSpan file, const ModuleFacts& facts,
                                            const std::vector<BodySummary>& bodies, const ScanInput& input);

}  // namespace wml
