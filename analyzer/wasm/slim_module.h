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
  bool functions = false;  ///< each with a body that does nothing, and the element segments...
  bool globals = false;
  std::span<const OffsetExpression> offsets;  ///< of data segments, which have no bytes
  std::span<const std::uint32_t> bodies;      ///< ...except these, by body, in order; what they name is kept then
};

/// A copy of a module without what Binaryen need not read, and the way back from its offsets.
class SlimModule {
public:
  SlimModule(ByteSpan file, const SectionMap& map, const SlimContents& contents);

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
  void add_bodies(const SectionMap& map, const Section& code, std::span<const std::uint32_t> kept);
  void add_offsets(const Section& data, std::span<const OffsetExpression> offsets);
  void add_empty_segments(const Section& data);

  ByteSpan file_;
  std::vector<char> bytes_;
  std::vector<Piece> pieces_;
};

}  // namespace wml
