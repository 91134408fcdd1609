#include "analyzer/wasm/type_section.h"

#include <fmt/format.h>

namespace wml {
namespace {

// Lead bytes of type definitions (core specification, 5.3 "Types", and the proposals that Binaryen 132 reads).
constexpr std::uint8_t kDescribes = 0x4c, kDescriptor = 0x4d, kRecGroup = 0x4e, kSubFinal = 0x4f, kSub = 0x50,
                       kContinuation = 0x5d, kArray = 0x5e, kStruct = 0x5f, kFunction = 0x60, kShared = 0x65,
                       kExact = 0x62, kRefNull = 0x63, kRef = 0x64;

class TypeReader {
public:
  TypeReader(ByteSpan file, const Section& section) : cursor_(file, section.begin, section.end) {}

  Result<TypeSection> read() {
    const std::uint32_t entries = cursor_.u32("the number of types");
    for (std::uint32_t i = 0; i < entries && !cursor_.failed() && !gave_up_; ++i) read_entry();
    if (cursor_.failed()) return cursor_.error();
    return types_;
  }

private:
  /// A count of items of at least `least_bytes` each.
  std::uint32_t count(const char* what, std::uint64_t least_bytes) {
    const std::uint64_t at = cursor_.position();
    const std::uint32_t value = cursor_.u32(what);
    if (!cursor_.failed() && value > cursor_.remaining() / least_bytes) {
      cursor_.fail(at, fmt::format("{} is {}, but only {} bytes are left in the type section", what, value,
                                   cursor_.remaining()));
      return 0;
    }
    return value;
  }

  void read_entry() {
    const std::uint8_t lead = cursor_.byte("a type");
    if (lead != kRecGroup) return read_sub_type(lead);
    const std::uint32_t members = count("the number of types in a recursion group", 2);
    for (std::uint32_t i = 0; i < members && !cursor_.failed() && !gave_up_; ++i) read_sub_type(cursor_.byte("a type"));
  }

  void read_sub_type(std::uint8_t lead) {
    if (lead == kSub || lead == kSubFinal) {
      const std::uint32_t supertypes = count("the number of supertypes", 1);
      for (std::uint32_t i = 0; i < supertypes && !cursor_.failed(); ++i) cursor_.u32("a supertype");
      lead = cursor_.byte("a type");
    }
    while (lead == kShared || lead == kDescribes || lead == kDescriptor) {
      if (lead != kShared) cursor_.u32("a type index");
      lead = cursor_.byte("a type");
      if (cursor_.failed()) return;
    }
    switch (lead) {
      case kFunction:
        read_value_types("the number of parameters");
        read_value_types("the number of results");
        break;
      case kStruct: {
        types_.has_objects = true;
        const std::uint32_t fields = count("the number of fields", 2);
        for (std::uint32_t i = 0; i < fields && !cursor_.failed(); ++i) read_field();
        break;
      }
      case kArray:
        types_.has_objects = true;
        read_field();
        break;
      case kContinuation: cursor_.s33("a type index"); break;
      default: gave_up_ = true;  // Binaryen says what is wrong with it
    }
  }

  void read_value_types(const char* what) {
    const std::uint32_t types = count(what, 1);
    for (std::uint32_t i = 0; i < types && !cursor_.failed(); ++i) read_value_type();
  }

  void read_field() {
    read_value_type();
    cursor_.byte("a field's mutability");
  }

  void read_value_type() {
    const std::uint8_t lead = cursor_.byte("a value type");
    if (lead != kRef && lead != kRefNull) return;
    std::uint64_t before = cursor_.position();
    std::int64_t heap_type = cursor_.s33("a heap type");
    // Prefixes in front of a heap type read as negative numbers of one byte.
    while (!cursor_.failed() && cursor_.position() == before + 1 &&
           (heap_type == kExact - 0x80 || heap_type == kShared - 0x80)) {
      before = cursor_.position();
      heap_type = cursor_.s33("a heap type");
    }
  }

  ByteCursor cursor_;
  TypeSection types_;
  bool gave_up_ = false;
};

}  // namespace

Result<TypeSection> read_type_section(ByteSpan file, const SectionMap& map) {
  const Section* section = map.find(SectionId::type);
  if (section == nullptr) return TypeSection{};
  return TypeReader(file, *section).read();
}

}  // namespace wml
