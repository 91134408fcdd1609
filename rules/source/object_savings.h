#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "rules/model/finding.h"
#include "rules/rule.h"
#include "rules/source/resized_records.h"

/// What smaller objects save, by where they live.
namespace wml {

/// What one block of `bytes` takes in the heap. wasi-libc's dlmalloc adds a header of 4 bytes and rounds to 16, at
/// least 16; Emscripten's rounds to 8.
std::uint64_t heap_block_bytes(std::uint64_t bytes, TargetProfile profile);

/// What the objects that were seen save when records get smaller, those of records that hold them among them.
struct ObjectSavings {
  Saving saving;                ///< of static data, where there is any; else of one object
  std::uint64_t variables = 0;  ///< by variables, whose number is known
  bool complete = false;        ///< there are no others: in the heap, in records that are not understood, in containers
  std::uint64_t each = 0;       ///< by one object, at most: in the heap nothing where the allocator rounds up
  bool seen = false;            ///< it is known where some of them are
  bool one_maker = false;       ///< all that are seen are of one expression, each in a block of the heap
  bool certain = false;         ///< some of them that are not on the stack: what holds the others may pad them
  /// By all that exist at one time, at most, where their number is known: variables, temporaries, and their members.
  std::optional<std::uint64_t> in_all;
  std::string text;  ///< "; 1000 of them in static data ('table'): 8000 bytes, ..."
};

ObjectSavings object_savings(std::span<const Resizing> edits, const SourceContext& context);
ObjectSavings object_savings(const Resizing& edit, const SourceContext& context);

/// Four of 30,000 bytes are true, and help nobody: what an object must save to be worth a finding.
struct LeastSaving {
  std::uint64_t bytes = 0;
  std::uint64_t percent = 0;
  std::uint64_t in_all_bytes = 0;  ///< where the number of objects is known
  std::uint64_t unseen_bytes = 0;  ///< where nothing tells where there are any, or what holds them may pad them
};

inline constexpr Option kMinSavedInAll{
    "min-saved-in-all", std::int64_t{64},
    "Where it is known how many objects there are at one time: report only if they save this many bytes together."};
inline constexpr Option kMinSavedUnseen{"min-saved-unseen", std::int64_t{8},
                                        "Where it is not seen what objects there are, or that what holds them gets "
                                        "smaller: report only if one gets at least "
                                        "this many bytes smaller."};

inline constexpr Option kMinSavedByHand{
    "min-saved-by-hand", std::int64_t{16},
    "Where there is no edit, and no object is seen or one expression makes all of them, each in a block of the heap: "
    "report only if one gets this many bytes smaller."};

/// Whether it is worth the thought that an edit by hand needs. One `new` in a whole program tells of few objects.
bool is_worth_it_by_hand(const Resizing& edit, const ObjectSavings& savings, const OptionValues& options);

/// What a rule's options say; of its percentage only where it has one.
LeastSaving least_saving(const OptionValues& options, std::uint64_t percent);

/// Whether objects save as much, or static data so much that the size of one object does not matter.
bool is_worth_it(const Resizing& edit, const ObjectSavings& savings, const LeastSaving& least);

/// Whether the whole program was seen, and makes no object of the record: a type for others, which only they may
/// change.
bool has_no_objects(const RecordFact& record);

}  // namespace wml
