#include "analyzer/wasm/slim_module.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "analyzer/sorted.h"
#include "analyzer/wasm/element_section.h"
#include "analyzer/wasm/instruction.h"

namespace wml {
namespace {

bool is_left_out(SectionId id, const SlimContents& contents) {
  switch (id) {
    case SectionId::custom:
    case SectionId::export_:
    case SectionId::start:
    case SectionId::data_count:
    case SectionId::element: return true;
    case SectionId::function:
    case SectionId::code: return !contents.functions;
    case SectionId::global: return !contents.globals;
    default: return false;
  }
}

bool names_function(const Instruction& instruction) {
  return instruction.is(op::kCall) || instruction.is(op::kReturnCall) || instruction.is(op::kRefFunc);
}

/// A cursor at the first instruction of a body.
ByteCursor instructions_of(ByteSpan file, Range body) {
  ByteCursor cursor(file, body.low, body.high);
  skip_locals(cursor);
  return cursor;
}

constexpr std::array<char, 4> kNothing{3, 0, 0, 0x0b};  // a body: size, no locals, unreachable, end

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
      add_bodies_of_nothing(section);
    } else if (section.id == SectionId::data) {
      add_offsets(section, contents.offsets);
    } else {
      copy(section.offset, section.end);
    }
  }
}

SlimModule::SlimModule(ByteSpan file, const SectionMap& map, const KeptBodies& kept) : file_(file) {
  find_functions(map, kept);
  copy(map.begin, map.begin + 8);
  constexpr std::array<char, 2> kData{1, 0};            // passive, no bytes
  constexpr std::array<char, 3> kElements{5, 0x70, 0};  // passive, of functions, none
  for (const Section& section : map.sections) {
    switch (section.id) {
      case SectionId::custom:
      case SectionId::export_:
      case SectionId::start: break;
      case SectionId::function: add_function_types(section, kept); break;
      case SectionId::element: add_empty_segments(section, kElements); break;
      case SectionId::code: add_bodies(map, section, kept); break;
      case SectionId::data: add_empty_segments(section, kData); break;
      default: copy(section.offset, section.end);
    }
  }
}

/// All imported ones, and those of the bodies and that they name. Where globals and tables name some, which are copied
/// as they are, it is all.
void SlimModule::find_functions(const SectionMap& map, const KeptBodies& kept) {
  const auto initial_values = functions_of_initial_values(file_, map);
  const bool all = !initial_values.ok() || !initial_values.value().empty();
  for (std::uint32_t i = 0; i < (all ? kept.function_types.size() : kept.imported_functions); ++i)
    functions_.push_back(i);
  if (all) return;
  Instruction instruction;
  for (const std::uint32_t body : kept.bodies) {
    functions_.push_back(kept.imported_functions + body);
    ByteCursor cursor = instructions_of(file_, map.bodies[body]);
    while (!cursor.at_end() && read_instruction(cursor, instruction)) {
      if (names_function(instruction)) functions_.push_back(instruction.index);
    }
  }
  sort_and_unique(functions_);
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

void SlimModule::add_bodies_of_nothing(const Section& code) {
  std::vector<char> contents;
  put_u32(contents, code.count);
  for (std::uint32_t i = 0; i < code.count; ++i) contents.insert(contents.end(), kNothing.begin(), kNothing.end());
  add_section(SectionId::code, contents, code.offset);
}

void SlimModule::add_function_types(const Section& section, const KeptBodies& kept) {
  std::vector<char> contents;
  const auto defined = std::span(functions_).subspan(kept.imported_functions);
  put_u32(contents, defined.size());
  for (const std::uint32_t function : defined)
    put_u32(contents, function < kept.function_types.size() ? kept.function_types[function] : 0);
  add_section(SectionId::function, contents, section.offset);
}

void SlimModule::add_bodies(const SectionMap& map, const Section& code, const KeptBodies& kept) {
  std::vector<char> contents;
  const auto defined = std::span(functions_).subspan(kept.imported_functions);
  put_u32(contents, defined.size());
  std::span<const std::uint32_t> rest = kept.bodies;
  for (const std::uint32_t function : defined) {
    if (rest.empty() || kept.imported_functions + rest.front() != function) {
      contents.insert(contents.end(), kNothing.begin(), kNothing.end());
      continue;
    }
    const std::vector<char> body = renumbered(map.bodies[rest.front()]);
    put_u32(contents, body.size());
    contents.insert(contents.end(), body.begin(), body.end());
    rest = rest.subspan(1);
  }
  add_section(SectionId::code, contents, code.offset);
}

/// A body in which functions have the numbers that they have here.
std::vector<char> SlimModule::renumbered(Range body) const {
  std::vector<char> out;
  ByteCursor cursor = instructions_of(file_, body);
  append(out, body.low, cursor.position());
  Instruction instruction;
  for (std::uint64_t at = cursor.position(); !cursor.at_end() && read_instruction(cursor, instruction);) {
    if (names_function(instruction)) {
      out.push_back(static_cast<char>(instruction.code));
      put_u32(out,
              static_cast<std::uint64_t>(std::ranges::lower_bound(functions_, instruction.index) - functions_.begin()));
    } else {
      append(out, at, cursor.position());
    }
    at = cursor.position();
  }
  return out;
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

/// As many segments as there are, for bodies to name.
void SlimModule::add_empty_segments(const Section& section, std::span<const char> segment) {
  std::vector<char> contents;
  put_u32(contents, section.count);
  for (std::uint32_t i = 0; i < section.count; ++i) contents.insert(contents.end(), segment.begin(), segment.end());
  add_section(section.id, contents, section.offset);
}

}  // namespace wml
