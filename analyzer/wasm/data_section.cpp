#include "analyzer/wasm/data_section.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>

#include "analyzer/wasm/instruction.h"

namespace wml {
namespace {

constexpr std::uint32_t kPassive = 1, kExplicitMemory = 2;

bool is_zero_word(const std::uint8_t* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word == 0;
}

/// Counts zero bytes and records the long runs of them. A long run covers one of the words that are looked at, so that
/// most of the data is passed over.
void find_zeros(ByteSpan content, SegmentFact& segment) {
  constexpr std::uint64_t kWord = 8, kStep = kZeroRunBytes - kWord;
  segment.zero_bytes = static_cast<std::uint64_t>(std::ranges::count(content, std::uint8_t{0}));
  if (segment.zero_bytes < kZeroRunBytes) return;
  std::uint64_t known_end = 0;  // of the last run that was looked at
  for (std::uint64_t at = 0; at + kWord <= content.size(); at += kStep) {
    if (at < known_end || !is_zero_word(&content[at])) continue;
    std::uint64_t begin = at, end = at + kWord;
    while (begin > known_end && content[begin - 1] == 0) --begin;
    while (end + kWord <= content.size() && is_zero_word(&content[end])) end += kWord;
    while (end < content.size() && content[end] == 0) ++end;
    if (end - begin >= kZeroRunBytes) segment.zero_runs.push_back({begin, end - begin});
    known_end = end;
  }
}

/// FNV-1a over eight bytes at a time.
std::uint64_t hash_bytes(ByteSpan bytes) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325 ^ bytes.size();
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, &bytes[i], sizeof word);
    hash = (hash ^ word) * kPrime;
    hash ^= hash >> 29;
  }
  for (; i < bytes.size(); ++i) hash = (hash ^ bytes[i]) * kPrime;
  return hash;
}

/// The value of an offset that is a single constant; nothing for other expressions, which are skipped.
std::optional<std::uint64_t> read_offset(ByteCursor& cursor) {
  Instruction instruction;
  std::optional<std::uint64_t> value;
  for (int count = 0; read_instruction(cursor, instruction) && !instruction.is(op::kEnd); ++count) {
    const bool is32 = instruction.is(op::kI32Const);
    value = std::nullopt;
    if (count == 0 && (is32 || instruction.is(op::kI64Const)))
      value =
          is32 ? static_cast<std::uint32_t>(instruction.constant) : static_cast<std::uint64_t>(instruction.constant);
  }
  return value;
}

/// The entry at the cursor, up to its contents.
SegmentFact read_segment(ByteCursor& cursor, std::uint32_t index, std::vector<OffsetExpression>& expressions) {
  SegmentFact segment{.index = index};
  const std::uint64_t at = cursor.position();
  const std::uint32_t flags = cursor.u32("data segment flags");
  if (flags > 2) cursor.fail(at, fmt::format("data segment {} has flags {}; expected 0, 1 or 2", index, flags));
  segment.passive = (flags & kPassive) != 0;
  if ((flags & kExplicitMemory) != 0) segment.memory = cursor.u32("a memory index");
  if (!segment.passive) segment.address = read_offset(cursor);
  if (!segment.passive && !segment.address) expressions.push_back({index, at, cursor.position()});
  const std::uint64_t size_at = cursor.position();
  segment.bytes = cursor.u32("a data segment's size");
  if (segment.bytes > cursor.remaining()) {
    cursor.fail(size_at, fmt::format("data segment {} claims {} bytes, but {} are left in the data section", index,
                                     segment.bytes, cursor.remaining()));
  }
  segment.file_offset = cursor.position();
  return segment;
}

}  // namespace

Result<DataSection> read_data_section(ByteSpan file, const SectionMap& map) {
  DataSection out;
  const Section* section = map.find(SectionId::data);
  if (section == nullptr) return out;
  ByteCursor cursor(file, section->begin, section->end);
  cursor.u32("the number of segments");
  out.segments.reserve(section->count);
  for (std::uint32_t i = 0; i < section->count; ++i) {
    SegmentFact segment = read_segment(cursor, i, out.expressions);
    if (cursor.failed()) return cursor.error();
    const ByteSpan content = file.subspan(segment.file_offset, segment.bytes);
    find_zeros(content, segment);
    segment.content_hash = hash_bytes(content);
    cursor.skip(segment.bytes, "a data segment");
    out.segments.push_back(std::move(segment));
  }
  if (!cursor.at_end()) {
    return Error{fmt::format("the data section goes on {} bytes after its last segment", cursor.remaining()),
                 cursor.position()};
  }
  return out;
}

// Objects of this size are aligned, so that copies of one are a multiple of kUnit apart. Contents are cut into blocks
// at addresses that are multiples of kBlock; every unit of the data and those behind it are then compared with the
// blocks by a rolling hash. A match is extended to both sides and is counted once. Rows that occur again inside a table
// are not kUnit apart, as a rule. What has no address counts from its segment's start.
namespace {

constexpr std::uint64_t kUnit = 16;
constexpr std::uint64_t kBlock = 4 * kUnit;
constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kOldestWeight = kMultiplier * kMultiplier * kMultiplier;

struct Place {
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;
};

class DuplicateFinder {
public:
  DuplicateFinder(ByteSpan file, const std::vector<SegmentFact>& segments, std::uint64_t least_bytes)
      : file_(file), segments_(segments), least_bytes_(std::max(least_bytes, 2 * kBlock)) {
    std::uint64_t blocks = 0;
    for (const SegmentFact& segment : segments) blocks += segment.bytes / kBlock;
    // Sixteen bits per block, and never more than the cache holds.
    const auto bits = static_cast<unsigned>(std::bit_width(blocks * 16));
    seen_shift_ = 64 - std::clamp(bits, 6U, 22U);
    seen_.resize(std::size_t{1} << (64 - seen_shift_));
  }

  std::vector<DuplicateData> find() {
    for (const SegmentFact& segment : segments_) {
      if (segment.bytes >= kBlock) walk(segment);
    }
    std::ranges::stable_sort(found_, std::ranges::greater{}, &DuplicateData::bytes);
    constexpr std::size_t kMost = 64;
    if (found_.size() > kMost) found_.resize(kMost);
    return std::move(found_);
  }

private:
  ByteSpan content(const SegmentFact& segment) const { return file_.subspan(segment.file_offset, segment.bytes); }

  /// Rolls over one segment: looks every unit up, and adds its own blocks behind itself.
  void walk(const SegmentFact& segment) {
    const ByteSpan bytes = content(segment);
    const std::uint64_t address = segment.address.value_or(0);
    const std::uint64_t first = (kUnit - address % kUnit) % kUnit;
    std::uint64_t hash = 0;
    std::uint64_t resume = 0;  // positions before this are inside a match already
    for (std::uint64_t end = first; end + kUnit <= bytes.size();) {
      const std::uint64_t oldest = end < first + kBlock ? 0 : unit_hash(&bytes[end - kBlock]);
      hash = (hash - oldest * kOldestWeight) * kMultiplier + unit_hash(&bytes[end]);
      end += kUnit;
      if (end < first + kBlock) continue;
      const std::uint64_t at = end - kBlock;
      if (at >= resume) {
        const std::uint64_t match_end = match(segment, at, hash);
        if (match_end > at) resume = match_end;
      }
      if ((address + at) % kBlock == 0) add_block(hash, {segment.index, at});
    }
  }

  static std::uint64_t unit_hash(const std::uint8_t* unit) {
    std::uint64_t low = 0, high = 0;
    std::memcpy(&low, unit, sizeof low);
    std::memcpy(&high, unit + sizeof low, sizeof high);
    const std::uint64_t mixed = (low + 1) * kMultiplier + high;
    return (mixed ^ (mixed >> 29)) * kMultiplier;
  }

  void add_block(std::uint64_t hash, Place place) {
    blocks_.try_emplace(hash, place);
    seen_[hash >> seen_shift_] = true;
  }

  /// The end of a match at `at`, or `at` itself when there is none. What is no copy of an object is passed over too:
  /// looking at each of its positions would take the square of its length.
  std::uint64_t match(const SegmentFact& segment, std::uint64_t at, std::uint64_t hash) {
    if (!seen_[hash >> seen_shift_]) return at;
    const auto block = blocks_.find(hash);
    if (block == blocks_.end()) return at;
    const SegmentFact& first = segments_[block->second.segment];
    const ByteSpan before = content(first);
    const ByteSpan here = content(segment);
    std::uint64_t i = block->second.offset;
    std::uint64_t j = at;
    const bool same_segment = first.index == segment.index;
    if (same_segment && i + kBlock > j) return at;  // it overlaps itself: a repeating pattern, not a copy
    if (!std::equal(&before[i], &before[i] + kBlock, &here[j])) return at;
    while (i > 0 && j > 0 && before[i - 1] == here[j - 1]) --i, --j;
    std::uint64_t length = kBlock;
    while (i + length < before.size() && j + length < here.size() && before[i + length] == here[j + length] &&
           (!same_segment || i + length < j)) {
      ++length;
    }
    if (length < least_bytes_) return at;
    if (may_be_objects(first, i, segment, j) && !is_pattern(here.subspan(j, length)))
      found_.push_back({first.index, i, segment.index, j, length});
    return j + length;
  }

  /// Whether the bytes repeat themselves with some period up to half of their length (by the prefix function of Knuth,
  /// Morris and Pratt), or are nearly all zero: no copy of an object.
  static bool is_pattern(ByteSpan bytes) {
    const auto zeros = static_cast<std::uint64_t>(std::ranges::count(bytes, std::uint8_t{0}));
    if (zeros * 10 >= bytes.size() * 9) return true;
    std::vector<std::size_t> border(bytes.size());
    for (std::size_t i = 1, k = 0; i < bytes.size(); ++i) {
      while (k > 0 && bytes[i] != bytes[k]) k = border[k - 1];
      if (bytes[i] == bytes[k]) ++k;
      border[i] = k;
    }
    return bytes.size() - border.back() <= bytes.size() / 2;
  }

  static bool may_be_objects(const SegmentFact& first, std::uint64_t i, const SegmentFact& second, std::uint64_t j) {
    if (!first.address || !second.address) return first.index != second.index;
    return (*second.address + j - *first.address - i) % kUnit == 0;
  }

  ByteSpan file_;
  const std::vector<SegmentFact>& segments_;
  std::uint64_t least_bytes_;
  std::unordered_map<std::uint64_t, Place> blocks_;
  unsigned seen_shift_ = 0;
  std::vector<bool> seen_;  // by the upper bits of the hash: a filter before blocks_
  std::vector<DuplicateData> found_;
};

}  // namespace

std::vector<DuplicateData> find_duplicates(ByteSpan file, const std::vector<SegmentFact>& segments,
                                           std::uint64_t least_bytes) {
  return DuplicateFinder(file, segments, least_bytes).find();
}

}  // namespace wml
