#include "rules/source/record_layout.h"

#include <algorithm>
#include <ctime>
#include <random>

#include <gtest/gtest.h>

namespace wml {
namespace {

FieldFact plain(std::uint64_t bytes, std::uint64_t align = 0) {
  FieldFact field;
  field.bytes = field.data_bytes = bytes;
  field.align_bytes = align == 0 ? bytes : align;
  return field;
}

FieldFact bits(std::uint32_t width, std::uint64_t type_bytes) {
  FieldFact field = plain(type_bytes);
  field.bit_width = width;
  return field;
}

FieldFact in_run(FieldFact field, std::uint32_t run) {
  field.access_run = run;
  return field;
}

FieldFact ordered(FieldFact field) {
  field.ordered = true;
  return field;
}

FieldFact pinned(FieldFact field) {
  field.pinned = true;
  return field;
}

/// A record as Clang would lay it out, if the layout that is tested is right.
RecordFact record_of(std::vector<FieldFact> fields, std::uint64_t start = 0, std::uint64_t align = 1) {
  RecordFact record;
  record.start_bytes = start;
  record.align_bytes = align;
  for (const FieldFact& field : fields) record.align_bytes = std::max(record.align_bytes, field.align_bytes);
  record.fields = std::move(fields);
  const RecordLayout layout = lay_out(record, record.fields, declared_order(record));
  record.bytes = layout.bytes;
  for (std::size_t i = 0; i < record.fields.size(); ++i) record.fields[i].offset_bits = layout.offset_bits[i];
  return record;
}

std::uint64_t best_bytes(const RecordFact& record, Freedom freedom = Freedom::within_access) {
  return best_order(record, record.fields, freedom).bytes;
}

FieldOrder best_fields(const RecordFact& record) {
  return best_order(record, record.fields, Freedom::within_access).order;
}

using Offsets = std::vector<std::uint64_t>;

Offsets offsets(const RecordFact& record) { return lay_out(record, record.fields, declared_order(record)).offset_bits; }

// Offsets and sizes as clang-22 --target=wasm32 gives them (tests/source/test_layouts.py holds more of them to it).

TEST(RecordLayout, PlacesPlainFields) {
  const RecordFact record = record_of({plain(1), plain(4), plain(8), plain(1)});  // {bool; void*; u64; bool}
  EXPECT_EQ(offsets(record), (Offsets{0, 32, 64, 128}));
  EXPECT_EQ(record.bytes, 24U);
}

TEST(RecordLayout, PutsBitFieldsSideBySideUntilOneCrossesItsType) {
  const RecordFact record = record_of({bits(17, 4), bits(1, 1), bits(3, 4), bits(12, 4)});
  EXPECT_EQ(offsets(record), (Offsets{0, 17, 18, 32}));
  EXPECT_EQ(record.bytes, 8U);
}

TEST(RecordLayout, StartsABitFieldBehindAByte) {
  const RecordFact record = record_of({plain(1), bits(20, 4), plain(1)});  // {char; int:20; char}
  EXPECT_EQ(offsets(record), (Offsets{0, 8, 32}));
  EXPECT_EQ(record.bytes, 8U);
}

TEST(RecordLayout, AlignsAtAWidthOfZero) {
  const RecordFact record = record_of({bits(3, 4), bits(0, 4), bits(3, 4)});
  EXPECT_EQ(offsets(record), (Offsets{0, 32, 32}));
}

TEST(RecordLayout, StartsBehindBases) {
  const RecordFact record = record_of({plain(1), plain(8)}, 4, 4);  // {virtual; bool; double}
  EXPECT_EQ(offsets(record), (Offsets{32, 64}));
  EXPECT_EQ(record.bytes, 16U);
}

TEST(RecordLayout, ReusesTheTailOfAMember) {
  FieldFact member = plain(8, 4);
  member.data_bytes = 5;
  const RecordFact record = record_of({member, plain(1)});
  EXPECT_EQ(offsets(record), (Offsets{0, 40}));
  EXPECT_EQ(record.bytes, 8U);
}

TEST(RecordLayout, UnderstandsWhatClangGaveAndNothingElse) {
  RecordFact record = record_of({plain(1), plain(4)});
  EXPECT_TRUE(is_understood(record));
  record.fields[1].offset_bits = 8;
  EXPECT_FALSE(is_understood(record));
  EXPECT_FALSE(is_understood(record_of({bits(40, 1)})));  // wider than its type
}

TEST(BestOrder, SavesNothingWhereThereIsOneGap) {
  EXPECT_EQ(best_bytes(record_of({plain(1), plain(8)})), 16U);            // {bool; u64}
  EXPECT_EQ(best_bytes(record_of({plain(1), plain(4), plain(8)})), 16U);  // {bool; void*; u64}
  EXPECT_EQ(best_bytes(record_of({plain(4), plain(4), plain(8)})), 16U);
}

TEST(BestOrder, JoinsGaps) {
  EXPECT_EQ(best_bytes(record_of({plain(1), plain(8), plain(1)})), 16U);
  EXPECT_EQ(best_bytes(record_of({plain(4), plain(8), plain(4)})), 16U);  // {size_t; i64; size_t}
  EXPECT_EQ(best_bytes(record_of({plain(2), plain(4), plain(2)})), 8U);
}

TEST(BestOrder, FillsTheGapBehindTheVtablePointer) {
  // Descending alignment would leave four bytes behind the pointer: 4 + (4) + 8 + 4 + 1 = 24.
  EXPECT_EQ(best_bytes(record_of({plain(8), plain(1), plain(4)}, 4, 4)), 24U);
  EXPECT_EQ(best_bytes(record_of({plain(8), plain(4)}, 4, 4)), 16U);
  EXPECT_EQ(best_bytes(record_of({plain(8), plain(2), plain(2)}, 4, 4)), 16U);
}

TEST(BestOrder, MovesRunsOfBitFieldsAsOne) {
  const RecordFact record = record_of({plain(1), plain(4), bits(3, 1), bits(3, 1), plain(4)});
  const BestOrder best = best_order(record, record.fields, Freedom::within_access);
  EXPECT_EQ(best.bytes, 12U);
  const auto first = std::ranges::find(best.order, 2U);
  ASSERT_NE(first + 1, best.order.end());
  EXPECT_EQ(*(first + 1), 3U);
}

TEST(BestOrder, LeavesAFlexibleArrayLast) {
  const RecordFact record = record_of({plain(1), plain(4), plain(1), pinned(plain(0, 4))});
  const BestOrder best = best_order(record, record.fields, Freedom::within_access);
  EXPECT_EQ(best.bytes, 8U);
  EXPECT_EQ(best.order.back(), 3U);
}

TEST(BestOrder, StaysBetweenAccessSpecifiersUnlessItMay) {
  const RecordFact record =
      record_of({in_run(plain(1), 0), in_run(plain(4), 0), in_run(plain(1), 1), in_run(plain(4), 1)});
  EXPECT_EQ(best_bytes(record), 12U);  // the first run turned round
  EXPECT_EQ(best_fields(record), (FieldOrder{1, 0, 2, 3}));
  const RecordFact apart = record_of({in_run(plain(1), 0), in_run(plain(8), 1), in_run(plain(1), 2)});
  EXPECT_EQ(best_bytes(apart), 24U);
  EXPECT_EQ(best_bytes(apart, Freedom::anywhere), 16U);
}

TEST(BestOrder, KeepsAnOverAlignedRecordAsLarge) {
  EXPECT_EQ(best_bytes(record_of({plain(1), plain(4), plain(1)}, 0, 64)), 64U);
}

TEST(BestOrder, MovesOneFieldWhereThatIsEnough) {
  // Descending alignment would move all of them.
  const RecordFact record = record_of({plain(1), plain(8), plain(4), plain(8), plain(1), plain(2)});
  const FieldOrder order = best_fields(record);
  EXPECT_EQ(best_bytes(record), 24U);
  std::size_t longest = 0;  // what stays in order
  for (std::uint32_t mask = 0; mask < 64; ++mask) {
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i < 6; ++i) {
      if ((mask >> i & 1U) != 0) kept.push_back(order[i]);
    }
    if (std::ranges::is_sorted(kept)) longest = std::max(longest, kept.size());
  }
  EXPECT_GE(longest, 4U);
}

TEST(BestOrder, KeepsNeighboursTogether) {
  // {flag, host, port, other}: whichever bool moves, host and port stay beside each other.
  EXPECT_EQ(best_fields(record_of({plain(1), plain(4), plain(4), plain(1)})), (FieldOrder{1, 2, 3, 0}));
}

TEST(BestOrder, KeepsTheOrderOfConstructionWhereItCan) {
  const RecordFact record = record_of({plain(1), ordered(plain(8)), ordered(plain(1))});
  const BestOrder best = best_order(record, record.fields, Freedom::within_access);
  EXPECT_EQ(best.bytes, 16U);
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t field : best.order) {
    if (record.fields[field].ordered) kept.push_back(field);
  }
  EXPECT_TRUE(std::ranges::is_sorted(kept));
}

// What best_order answers beside all permutations.

class RandomRecords {
public:
  explicit RandomRecords(std::uint32_t seed) : random_(seed) {}

  RecordFact next(std::size_t most_fields) {
    std::vector<FieldFact> fields(2 + below(most_fields - 1));
    const bool with_bits = below(3) == 0, with_runs = below(4) == 0, with_tails = below(6) == 0;
    std::uint32_t run = 0;
    for (FieldFact& field : fields) {
      field = next_field(with_bits, with_tails);
      if (with_runs && below(3) == 0) ++run;
      field.access_run = run;
      field.ordered = !field.bit_width && below(5) == 0;
    }
    if (below(8) == 0) fields.back().pinned = true;
    return record_of(std::move(fields), below(3) == 0 ? 1 + below(24) : 0, std::uint64_t{1} << below(5));
  }

private:
  std::uint32_t below(std::size_t count) { return static_cast<std::uint32_t>(random_() % count); }

  FieldFact next_field(bool with_bits, bool with_tails) {
    const std::uint64_t align = std::uint64_t{1} << below(5);
    if (with_bits && below(3) == 0) return bits(below(static_cast<std::size_t>(align) * 8 + 1), align);
    FieldFact field = plain(align * (1 + below(5)), align);
    if (below(10) == 0) field.bytes = field.data_bytes = 1 + below(20);  // no multiple of its alignment
    if (with_tails && field.bytes > 1 && below(2) == 0) field.data_bytes = 1 + below(field.bytes - 1);
    return field;
  }

  std::mt19937 random_;
};

struct Unit {
  std::vector<std::uint32_t> fields;
  std::uint32_t group = 0;
};

std::vector<Unit> units(const RecordFact& record, Freedom freedom) {
  std::vector<Unit> all;
  for (std::uint32_t i = 0; i < record.fields.size(); ++i) {
    const FieldFact& field = record.fields[i];
    const bool anywhere = freedom == Freedom::anywhere;
    const std::uint32_t group = (anywhere ? 0 : field.access_run) + (field.pinned ? 1000U : 0U);
    const bool joins = i > 0 && field.bit_width && record.fields[i - 1].bit_width && all.back().group == group;
    if (joins) {
      all.back().fields.push_back(i);
    } else {
      all.push_back({{i}, group});
    }
  }
  return all;
}

struct Truth {
  std::uint64_t bytes = ~std::uint64_t{0};
  std::size_t moved = 0;  // the fewest that must move for it
};

std::size_t moved_by(const std::vector<std::size_t>& order) {
  std::vector<std::size_t> lengths(order.size(), 1);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (order[j] < order[i]) lengths[i] = std::max(lengths[i], lengths[j] + 1);
    }
    longest = std::max(longest, lengths[i]);
  }
  return order.size() - longest;
}

bool keeps_ordered(const RecordFact& record, const FieldOrder& order) {
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t field : order) {
    if (record.fields[field].ordered) kept.push_back(field);
  }
  return std::ranges::is_sorted(kept);
}

/// All orders; `only_kept`: of those that keep the order of construction.
Truth try_all(const RecordFact& record, Freedom freedom, bool only_kept) {
  const std::vector<Unit> all = units(record, freedom);
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  Truth truth;
  do {
    FieldOrder fields;
    bool in_groups = true;
    for (std::size_t i = 0; i < order.size(); ++i) {
      in_groups = in_groups && all[order[i]].group == all[i].group;
      fields.insert(fields.end(), all[order[i]].fields.begin(), all[order[i]].fields.end());
    }
    if (!in_groups || (only_kept && !keeps_ordered(record, fields))) continue;
    const std::uint64_t bytes = lay_out(record, record.fields, fields).bytes;
    const std::size_t moved = moved_by(order);
    if (bytes < truth.bytes || (bytes == truth.bytes && moved < truth.moved)) truth = {bytes, moved};
  } while (std::ranges::next_permutation(order).found);
  return truth;
}

TEST(BestOrder, KeepsTheOrderOfInitialisersThatDependOnIt) {
  RecordFact record = record_of({plain(1), plain(8), plain(1)});
  EXPECT_EQ(best_order(record, record.fields, Freedom::within_access).order, (FieldOrder{1, 2, 0}));
  const FieldEvaluation changes{0, true, true, {}, {}}, reads{2, false, true, {}, {}};
  record.constructions = {{{}, {changes, reads}}};
  const BestOrder best = best_order(record, record.fields, Freedom::within_access);
  EXPECT_EQ(best.bytes, 16U);
  EXPECT_EQ(best.order, (FieldOrder{1, 0, 2}));
}

TEST(BestOrder, IsAsSmallAsTheBestOfAllPermutations) {
  RandomRecords records(22);
  std::size_t exact = 0, better = 0, small_moves = 0;
  constexpr std::size_t kRecords = 4000;
  for (std::size_t n = 0; n < kRecords; ++n) {
    const RecordFact record = records.next(n % 10 == 0 ? 7 : 6);
    for (const Freedom freedom : {Freedom::within_access, Freedom::anywhere}) {
      const BestOrder best = best_order(record, record.fields, freedom);
      FieldOrder sorted = best.order;
      std::ranges::sort(sorted);
      ASSERT_EQ(sorted, declared_order(record)) << n;
      ASSERT_EQ(best.bytes, lay_out(record, record.fields, best.order).bytes) << n;
      ASSERT_LE(best.bytes, record.bytes) << n;
      const Truth truth = try_all(record, freedom, false);
      ASSERT_GE(best.bytes, truth.bytes) << n;
      if (best.exact) ASSERT_EQ(best.bytes, truth.bytes) << n;
      exact += best.exact ? 1 : 0;
      const bool tails = std::ranges::any_of(record.fields, [](const FieldFact& f) { return f.data_bytes < f.bytes; });
      if (best.bytes == record.bytes || best.bytes != truth.bytes || tails) continue;
      ++better;
      const std::vector<Unit> all = units(record, freedom);
      std::vector<std::size_t> moved;
      for (const std::uint32_t field : best.order) {
        for (std::size_t u = 0; u < all.size(); ++u) {
          if (all[u].fields.front() == field) moved.push_back(u);
        }
      }
      const Truth kept = try_all(record, freedom, true);
      const std::size_t fewest = kept.bytes == truth.bytes ? kept.moved : truth.moved;
      if (kept.bytes == truth.bytes) EXPECT_TRUE(keeps_ordered(record, best.order)) << n;
      EXPECT_EQ(moved_by(moved), fewest) << n;
      small_moves += fewest <= 2 ? 1 : 0;
    }
  }
  // The comparison means something only where there is something to find.
  EXPECT_GT(exact, kRecords * 2 * 9 / 10);
  EXPECT_GT(better, kRecords / 10);
  EXPECT_GT(small_moves, kRecords / 10);
}

TEST(BestOrder, AnswersInBoundedTime) {
  std::mt19937 random(7);
  for (const std::size_t count : {10U, 20U, 40U, 100U, 400U}) {
    std::vector<FieldFact> fields;
    for (std::size_t i = 0; i < count; ++i) {
      constexpr std::uint64_t kAligns[] = {1, 2, 4, 8, 1, 2, 1, 1, 16, 4};
      constexpr std::uint64_t kSizes[] = {1, 2, 4, 8, 3, 6, 5, 7, 16, 12};
      const std::size_t kind = random() % 10;
      fields.push_back(plain(kSizes[kind], kAligns[kind]));
      if (random() % 20 == 0) fields.push_back(bits(3, 4));
    }
    const RecordFact record = record_of(std::move(fields), 4, 4);
    const std::clock_t begin = std::clock();  // of the processor: others run beside this
    const BestOrder best = best_order(record, record.fields, Freedom::within_access);
    const double took = static_cast<double>(std::clock() - begin) * 1000 / CLOCKS_PER_SEC;
    RecordProperty("milliseconds_" + std::to_string(count), std::to_string(took));
    EXPECT_LE(best.bytes, record.bytes);
    EXPECT_LT(took, 100) << count << " fields";  // docs/record-layout.md: optimised, a tenth of it
  }
}

}  // namespace
}  // namespace wml
