#include "analyzer/wasm/slim_module.h"

#include <array>
#include <cstddef>

namespace wml {
namespace {

bool is_left_out(SectionId id, const SlimContents& contents) {
  switch (id) {
    case SectionId::custom:
    case SectionId::export_:
    case SectionId::start: return true;
    case SectionId::data_count:
    case SectionId::element: return contents.bodies.empty();
    case SectionId::function:
    case SectionId::code: return !contents.functions;
    case SectionId::global: return !contents.globals;
    default: return false;
  }
}

void put_u32(std::vector<char>& out, std::uint64_t value) {
  do {
    const auto low = static_cast<std::uint8_t>(value & 0x7f);
    value >>= 7;
    out.push_back(static_cast<char>(low | (value != 0 ? 0x80 : 0)));
  } while (value != 0);
}

}  // namespace

SlimModule::SlimModule(ByteSpan file, const SectionMap& map, const SlimContents& contents) : file_(file) {
  copy(map.begin, map.begin + 8);
  for (const Section& section : map.sections) {
    if (is_left_out(section.id, contents)) continue;
    if (section.id == SectionId::code) {
      add_bodies(map, section, contents.bodies);
    } else if (section.id != SectionId::data) {
      copy(section.offset, section.end);
    } else if (contents.bodies.empty()) {
      add_offsets(section, contents.offsets);
    } else {
      add_empty_segments(section);
    }
  }
}

std::uint64_t SlimModule::original(std::uint64_t offset) const {
  Piece last{0, 0};
  for (const Piece& piece : pieces_) {
    if (piece.here > offset) break;
    last = piece;
  }
  return last.there + (offset - last.here);
}

void SlimModule::copy(std::uint64_t begin, std::uint64_t end) {
  pieces_.push_back({bytes_.size(), begin});
  append(bytes_, begin, end);
}

void SlimModule::append(std::vector<char>& out, std::uint64_t begin, std::uint64_t end) const {
  out.insert(out.end(), file_.begin() + static_cast<std::ptrdiff_t>(begin),
             file_.begin() + static_cast<std::ptrdiff_t>(end));
}

void SlimModule::add_section(SectionId id, const std::vector<char>& contents, std::uint64_t there) {
  pieces_.push_back({bytes_.size(), there});
  bytes_.push_back(static_cast<char>(id));
  put_u32(bytes_, contents.size());
  bytes_.insert(bytes_.end(), contents.begin(), contents.end());
}

void SlimModule::add_bodies(const SectionMap& map, const Section& code, std::span<const std::uint32_t> kept) {
  std::vector<char> contents;
  put_u32(contents, code.count);
  constexpr std::array<char, 4> kNothing{3, 0, 0, 0x0b};  // size, no locals, unreachable, end
  for (std::uint32_t i = 0; i < code.count; ++i) {
    if (kept.empty() || kept.front() != i) {
      contents.insert(contents.end(), kNothing.begin(), kNothing.end());
      continue;
    }
    put_u32(contents, map.bodies[i].high - map.bodies[i].low);
    append(contents, map.bodies[i].low, map.bodies[i].high);
    kept = kept.subspan(1);
  }
  add_section(SectionId::code, contents, code.offset);
}

/// Segments of no bytes, for their offsets.
void SlimModule::add_offsets(const Section& data, std::span<const OffsetExpression> offsets) {
  std::vector<char> contents;
  put_u32(contents, offsets.size());
  for (const OffsetExpression& offset : offsets) {
    append(contents, offset.begin, offset.end);
    contents.push_back(0);
  }
  add_section(SectionId::data, contents, data.offset);
}

/// As many passive segments of no bytes as there are, for bodies to name.
void SlimModule::add_empty_segments(const Section& data) {
  std::vector<char> contents;
  put_u32(contents, data.count);
  contents.reserve(contents.size() + 2 * std::size_t{data.count});
  for (std::uint32_t i = 0; i < data.count; ++i) {
    contents.push_back(1);
    contents.push_back(0);
  }
  add_section(SectionId::data, contents, data.offset);
}

}  // namespace wml
