#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/model/finding.h"
#include "rules/model/source_facts.h"

/// What smaller objects save, by where they live.
namespace wml {

/// What one block of `bytes` takes in the heap. wasi-libc's dlmalloc adds a header of 4 bytes and rounds to 16, at
/// least 16; Emscripten's rounds to 8.
std::uint64_t heap_block_bytes(std::uint64_t bytes, TargetProfile profile);

/// Static objects are saved exactly; where there are none, the bytes of one object.
Saving saving_of(const RecordFact& record, std::uint64_t new_bytes, TargetProfile profile);

/// Bytes that the objects save whose number is known: variables, and blocks of the heap of a constant size.
struct KnownSaving {
  std::uint64_t bytes = 0;
  bool complete = false;  ///< there are no others, as far as is known: no members, no blocks of unknown size
};

KnownSaving known_saving_of(const RecordFact& record, std::uint64_t new_bytes, TargetProfile profile);

/// "; 'table' is 1000 of them: 8000 bytes of static data; ...": the objects that were seen.
std::string consequences(const RecordFact& record, std::uint64_t new_bytes, TargetProfile profile);

}  // namespace wml
