#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/location.h"

namespace wml {

struct RuleInfo;

/// `off` is a setting only: no finding carries it.
enum class Severity { off, info, warning, error };

constexpr std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::off: return "off";
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "off";
}

/// Which bytes a finding is about. Two findings may claim the same bytes: only predict adds savings up. `object` are
/// the bytes of one object, of which the program may have any number.
enum class Space { linear_memory, file, object };

/// What is saved by following a finding's advice: low..high bytes of `space`. Exact where low == high.
/// There is no operator+ on purpose: savings overlap, and memory moves in pages.
struct Saving {
  Space space = Space::linear_memory;
  std::uint64_t low_bytes = 0;
  std::uint64_t high_bytes = 0;
};

/// Bytes that would no longer be needed: [low, high) in `space` (addresses of memory 0, or file offsets).
struct Claim {
  Space space = Space::linear_memory;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// Replaces `length` bytes of a file, from `offset` on, by `text`.
struct Edit {
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string text;
};

/// What a record must be like once a fix is made.
struct Promise {
  std::string usr;  ///< RecordFact::usr
  std::uint64_t bytes = 0;
  std::vector<std::pair<std::string, std::uint64_t>> offset_bits;  ///< by the names of its fields
};

/// Edits that belong together: all of them or none.
struct Fix {
  std::string title;
  std::vector<Edit> edits;
  std::vector<Promise> promises;  ///< what the proof of the fix holds it to
};

/// A further place that a finding is about, and what is there.
struct Note {
  SourceLocation where;
  std::string message;
};

/// What a rule hands over; the engine adds rule and severity, or drops it.
struct Draft {
  std::string message;
  Location where;
  std::optional<Saving> saving;
  std::vector<Claim> claims;
  std::string help;     ///< what to do, with the exact flag for the toolchain that made the module
  std::string details;  ///< a table, some lines long: a layout before and after
  std::vector<Note> notes;
  std::optional<Fix> fix;  ///< only where following it changes nothing but memory
};

struct Finding {
  const RuleInfo* rule = nullptr;
  Severity severity = Severity::warning;
  std::string message;
  Location where;
  std::optional<Saving> saving;
  std::vector<Claim> claims;
  std::string help;
  std::string details;
  std::vector<Note> notes;
  std::optional<Fix> fix;
};

}  // namespace wml
