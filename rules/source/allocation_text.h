#pragma once

#include <cstdint>
#include <string>

#include "rules/model/heap_use_facts.h"
#include "rules/model/source_facts.h"

/// Words and bounds that rules over allocations share.
namespace wml {

/// Buffers up to this many bytes are ones that heap-small-buffer wants on the stack, unless its option says otherwise.
/// A 64th of the stack that wasm-ld reserves when nobody asks for another one.
inline constexpr std::int64_t kSmallBufferBytes = 1024;

/// Whether the memory could live on the stack, if that has room for it.
bool can_live_on_stack(const AllocationFact& fact);

/// "malloc", "new[]", "std::make_unique", "std::vector".
std::string form_text(AllocationForm form);

/// " in each of 100 iterations", or " in each iteration".
std::string iterations_text(const std::optional<std::uint64_t>& iterations);

}  // namespace wml
