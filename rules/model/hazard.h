#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/model/location.h"

namespace wml {

/// What makes an edit of a layout unsafe or pointless: of a record, or of an enumeration and the records that hold it.
/// In the order of kHazards.
enum class HazardKind : std::uint8_t {
  union_type,
  packed,
  over_aligned,
  flexible_array,
  volatile_member,
  atomic_member,
  virtual_base,
  empty_member,
  crosses_access,
  initialiser_order,
  destruction_order,
  evaluation_order,
  defaulted_comparison,
  unseen_initialisers,
  fixed_initialiser,
  fixed_constructor,
  structured_binding,
  template_record,
  macro_inside,
  directive_inside,
  crosses_group,
  shared_declaration,
  offset_taken,
  member_pointer,
  layout_asserted,
  bytewise_access,
  size_used,
  pointer_converted,
  field_arithmetic,
  exported_interface,
  public_header,
  has_derived,
  unusual_layout,
  several_layouts,
  address_taken,
  reference_bound,
  default_initialiser,
  shared_by_threads,
  no_underlying_type,
  opaque_declaration,
  unusual_definition,
  unseen_uses,
  integer_cast,
  underlying_used,
  promotion,
  overloaded_call,
  passed_variadic,
  declares_bit_field,
  open_range,
  no_objects,
};

/// What a hazard does to an edit. review: the finding is made, without an edit. blocks: there is no finding, unless
/// the rule's option asks for those too.
enum class Effect : std::uint8_t { none, review, blocks };

struct HazardInfo {
  std::string_view id;
  std::string_view text;  ///< follows "because": "it is a union"
  HazardKind kind;
  Effect on_reordering;
  Effect on_bit_fields;
  Effect on_narrowing;  ///< of an enumeration; the hazards of records that hold it count, too
};

/// Why each of them: docs/source-fixes.md.
inline constexpr HazardInfo kHazards[] = {
    {"union-type", "it is a union", HazardKind::union_type, Effect::blocks, Effect::blocks, Effect::review},
    {"packed", "it is packed", HazardKind::packed, Effect::blocks, Effect::blocks, Effect::review},
    {"over-aligned", "its alignment was chosen", HazardKind::over_aligned, Effect::blocks, Effect::blocks,
     Effect::review},
    {"flexible-array", "it ends in a flexible array", HazardKind::flexible_array, Effect::review, Effect::review,
     Effect::review},
    {"volatile-member", "it has volatile members or objects", HazardKind::volatile_member, Effect::blocks,
     Effect::blocks, Effect::review},
    {"atomic-member", "it has atomic members", HazardKind::atomic_member, Effect::blocks, Effect::blocks, Effect::none},
    {"virtual-base", "it has virtual bases", HazardKind::virtual_base, Effect::blocks, Effect::blocks, Effect::review},
    {"empty-member", "which of its empty subobjects overlap depends on the order", HazardKind::empty_member,
     Effect::blocks, Effect::blocks, Effect::review},
    {"crosses-access", "fields would have to move past an access specifier", HazardKind::crosses_access, Effect::review,
     Effect::none, Effect::none},
    {"initialiser-order", "the initialiser of one field reads another one", HazardKind::initialiser_order,
     Effect::blocks, Effect::none, Effect::none},
    {"destruction-order", "members would be constructed or destroyed in another order", HazardKind::destruction_order,
     Effect::review, Effect::none, Effect::none},
    {"evaluation-order", "initialisers that run code, or see what it changes, would run in another order",
     HazardKind::evaluation_order, Effect::review, Effect::none, Effect::none},
    {"defaulted-comparison", "a defaulted comparison goes by the order of its fields", HazardKind::defaulted_comparison,
     Effect::blocks, Effect::none, Effect::none},
    {"unseen-initialisers", "other files that include it may initialise it by position",
     HazardKind::unseen_initialisers, Effect::review, Effect::review, Effect::none},
    {"fixed-initialiser", "an initialiser that goes by position cannot be rewritten", HazardKind::fixed_initialiser,
     Effect::review, Effect::none, Effect::none},
    {"fixed-constructor", "the initialisers of a constructor cannot be rewritten", HazardKind::fixed_constructor,
     Effect::review, Effect::none, Effect::none},
    {"structured-binding", "a structured binding names its fields by position", HazardKind::structured_binding,
     Effect::review, Effect::blocks, Effect::none},
    {"template-record", "it is made from a template", HazardKind::template_record, Effect::review, Effect::review,
     Effect::none},
    {"macro-inside", "fields of it come from a macro", HazardKind::macro_inside, Effect::review, Effect::review,
     Effect::none},
    {"directive-inside", "there is a preprocessor directive inside it", HazardKind::directive_inside, Effect::review,
     Effect::review, Effect::none},
    {"crosses-group", "fields would have to move past a marker of a documentation group", HazardKind::crosses_group,
     Effect::review, Effect::none, Effect::none},
    {"shared-declaration", "fields that would move share a line or a declaration", HazardKind::shared_declaration,
     Effect::review, Effect::review, Effect::none},
    {"offset-taken", "offsetof is applied to it", HazardKind::offset_taken, Effect::blocks, Effect::blocks,
     Effect::review},
    {"member-pointer", "pointers to its members are made", HazardKind::member_pointer, Effect::review, Effect::blocks,
     Effect::none},
    {"layout-asserted", "a static_assert fixes its layout", HazardKind::layout_asserted, Effect::blocks, Effect::blocks,
     Effect::blocks},
    {"bytewise-access", "its bytes are copied, compared, read or written as they are", HazardKind::bytewise_access,
     Effect::blocks, Effect::blocks, Effect::blocks},
    {"size-used", "its size is used, maybe to handle its bytes", HazardKind::size_used, Effect::review, Effect::review,
     Effect::review},
    {"pointer-converted", "pointers or references to it are converted to others", HazardKind::pointer_converted,
     Effect::review, Effect::review, Effect::review},
    {"field-arithmetic", "addresses are computed from that of one field", HazardKind::field_arithmetic, Effect::review,
     Effect::review, Effect::review},
    {"exported-interface", "it crosses the border of the module or of C", HazardKind::exported_interface,
     Effect::review, Effect::review, Effect::review},
    {"public-header", "it stands in a public header", HazardKind::public_header, Effect::review, Effect::review,
     Effect::review},
    {"has-derived", "other records derive from it, and theirs may grow", HazardKind::has_derived, Effect::review,
     Effect::review, Effect::none},
    {"unusual-layout", "its layout is not one that is understood", HazardKind::unusual_layout, Effect::blocks,
     Effect::blocks, Effect::review},
    {"several-layouts", "it has different layouts in different units", HazardKind::several_layouts, Effect::blocks,
     Effect::blocks, Effect::blocks},
    {"address-taken", "the address of one of the fields is taken", HazardKind::address_taken, Effect::none,
     Effect::blocks, Effect::none},
    {"reference-bound", "a reference is bound to one of the fields, and would be bound to a copy",
     HazardKind::reference_bound, Effect::none, Effect::blocks, Effect::none},
    {"default-initialiser", "bit-fields have default member initialisers only since C++20",
     HazardKind::default_initialiser, Effect::none, Effect::blocks, Effect::none},
    {"shared-by-threads", "adjacent bit-fields are one memory location, and the unit uses threads",
     HazardKind::shared_by_threads, Effect::none, Effect::review, Effect::none},
    {"no-underlying-type", "its language has no underlying types (C before C23)", HazardKind::no_underlying_type,
     Effect::none, Effect::none, Effect::review},
    {"opaque-declaration", "it is declared without its enumerators, too", HazardKind::opaque_declaration, Effect::none,
     Effect::none, Effect::review},
    {"unusual-definition", "its definition comes from a macro, or there is an #if inside",
     HazardKind::unusual_definition, Effect::none, Effect::none, Effect::review},
    {"unseen-uses", "other files that include it may use it in other ways", HazardKind::unseen_uses, Effect::none,
     Effect::none, Effect::review},
    {"integer-cast", "integers that may be out of its range are converted to it", HazardKind::integer_cast,
     Effect::none, Effect::none, Effect::review},
    {"underlying-used", "its underlying type or its size is asked for", HazardKind::underlying_used, Effect::none,
     Effect::none, Effect::review},
    {"promotion", "it would promote to another type", HazardKind::promotion, Effect::none, Effect::none,
     Effect::review},
    {"overloaded-call", "its underlying type may choose between overloads", HazardKind::overloaded_call, Effect::none,
     Effect::none, Effect::review},
    {"passed-variadic", "it is passed, or taken, as a variable argument", HazardKind::passed_variadic, Effect::none,
     Effect::none, Effect::review},
    {"declares-bit-field", "a bit-field is declared with it", HazardKind::declares_bit_field, Effect::none,
     Effect::none, Effect::review},
    {"open-range", "its underlying type is written, and any integer is converted to it", HazardKind::open_range,
     Effect::none, Effect::none, Effect::blocks},
    {"no-objects", "this build makes no object of it", HazardKind::no_objects, Effect::review, Effect::review,
     Effect::review},
};

constexpr const HazardInfo& info_of(HazardKind kind) { return kHazards[static_cast<std::size_t>(kind)]; }

constexpr bool hazards_are_in_order() {
  std::size_t i = 0;
  for (const HazardInfo& info : kHazards) {
    if (static_cast<std::size_t>(info.kind) != i++) return false;
  }
  return true;
}
static_assert(hazards_are_in_order());

/// A hazard that was found, and where.
struct Hazard {
  HazardKind kind = HazardKind::unusual_layout;
  SourceLocation where;
  std::string what;  ///< the name of the field, function or directive that it is about, or empty
};

}  // namespace wml
