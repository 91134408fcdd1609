#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/wasm/data_section.h"
#include "analyzer/wasm/section_map.h"

namespace wml {

/// What a copy of a module keeps beside types, imports, tables, memories and tags. Custom sections, exports and the
/// start function never are.
struct SlimContents {
  bool functions = false;  ///< each with a body that does nothing
  bool globals = false;
  std::span<const OffsetExpression> offsets;  ///< of data segments, which have no bytes
};

/// Bodies that a copy keeps, in order. Of the functions beside theirs it has those that they name alone, with bodies
/// that do nothing, and of segments the number.
struct KeptBodies {
  std::span<const std::uint32_t> bodies;
  std::span<const std::uint32_t> function_types;  ///< by function, imported ones first
  std::uint32_t imported_functions = 0;
};

/// A copy of a module without what Binaryen need not read, and the way back from its offsets.
class SlimModule {
public:
  SlimModule(ByteSpan file, const SectionMap& map, const SlimContents& contents);
  SlimModule(ByteSpan file, const SectionMap& map, const KeptBodies& kept);

  /// The functions of the copy by their number in the file. Empty where bodies are not kept: all are as they were.
  const std::vector<std::uint32_t>& functions() const { return functions_; }

  const std::vector<char>& bytes() const { return bytes_; }

  /// The offset in the original file of an offset in this copy.
  std::uint64_t original(std::uint64_t offset) const;

private:
  struct Piece {
    std::uint64_t here;
    std::uint64_t there;
  };

  void copy(std::uint64_t begin, std::uint64_t end);
  void append(std::vector<char>& out, std::uint64_t begin, std::uint64_t end) const;
  void add_section(SectionId id, const std::vector<char>& contents, std::uint64_t there);
  void find_functions(const SectionMap& map, const KeptBodies& kept);
  void add_bodies_of_nothing(const Section& code);
  void add_bodies(const SectionMap& map, const Section& code, const KeptBodies& kept);
  std::vector<char> renumbered(Range body) const;
  void add_function_types(const Section& section, const KeptBodies& kept);
  void add_offsets(const Section& data, std::span<const OffsetExpression> offsets);
  void add_empty_segments(const Section& section, std::span<const char> segment);

  ByteSpan file_;
  std::vector<std::uint32_t> functions_;
  std::vector<char> bytes_;
  std::vector<Piece> pieces_;
};

}  // namespace wml
