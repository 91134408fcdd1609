#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/wasm/body_scan.h"
#include "analyzer/wasm/frame_in_ir.h"

namespace wml {

/// The bodies in whose frames the scan lost the stack pointer. Functions that move it for their caller, as stackRestore
/// does, are none of them.
std::vector<std::uint32_t> lost_frames(const std::vector<BodySummary>& bodies);

/// Follows the stack pointer through Binaryen's IR of these bodies, which it builds for them alone, and gives what it
/// found in their order. Each answer that is there holds; one that is not there is one that Binaryen, or the way
/// through its IR, gives none for.
std::vector<std::optional<IrFrame>> frames_in_ir(ByteSpan file, const SectionMap& map, const ScanInput& input,
                                                 const CalleeFacts& callees, std::span<const std::uint32_t> bodies);

/// What was done about lost frames.
struct LostFrames {
  std::size_t lost = 0;
  std::size_t looked_at = 0;  ///< not all: see lost_frames.cpp for the limits
  std::size_t found = 0;
};

/// Has the lost frames followed in IR, as far as the limits allow, and puts what is found into the bodies. Where none
/// is lost, nothing is built.
LostFrames find_lost_frames(ByteSpan file, const SectionMap& map, const ScanInput& input,
                            std::vector<BodySummary>& bodies);

}  // namespace wml
