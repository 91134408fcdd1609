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
  defaulted_comparison,
  unseen_initialisers,
  fixed_initialiser,
  structured_binding,
  template_record,
  macro_inside,
  conditional_inside,
  shared_declaration,
  offset_taken,
  member_pointer,
  layout_asserted,
  bytewise_access,
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
  pointer_converted,
  promotion,
  overloaded_call,
  passed_variadic,
  declares_bit_field,
};

/// What a hazard does to an edit. review: the finding is made, without an edit. blocks: there is no finding, unless
/// the rule's option asks for those too.
enum class Effect : std::uint8_t { none, review, blocks };

struct HazardInfo {
  HazardKind kind;
  std::string_view id;
  std::string_view text;  ///< follows "because": "it is a union"
  Effect on_reordering;
  Effect on_bit_fields;
  Effect on_narrowing;  ///< of an enumeration; the hazards of records that hold it count, too
};

/// Why each of them: docs/source-fixes.md.
inline constexpr HazardInfo kHazards[] = {
    {HazardKind::union_type, "union-type", "it is a union", Effect::blocks, Effect::blocks, Effect::review},
    {HazardKind::packed, "packed", "it is packed", Effect::blocks, Effect::blocks, Effect::review},
    {HazardKind::over_aligned, "over-aligned", "its alignment was chosen", Effect::blocks, Effect::blocks,
     Effect::review},
    {HazardKind::flexible_array, "flexible-array", "it ends in a flexible array", Effect::review, Effect::review,
     Effect::review},
    {HazardKind::volatile_member, "volatile-member", "it has volatile members or objects", Effect::blocks,
     Effect::blocks, Effect::review},
    {HazardKind::atomic_member, "atomic-member", "it has atomic members", Effect::blocks, Effect::blocks, Effect::none},
    {HazardKind::virtual_base, "virtual-base", "it has virtual bases", Effect::blocks, Effect::blocks, Effect::review},
    {HazardKind::empty_member, "empty-member", "which of its empty subobjects overlap depends on the order",
     Effect::blocks, Effect::blocks, Effect::review},
    {HazardKind::crosses_access, "crosses-access", "fields would have to move past an access specifier", Effect::review,
     Effect::none, Effect::none},
    {HazardKind::initialiser_order, "initialiser-order", "the initialiser of one field reads another one",
     Effect::blocks, Effect::none, Effect::none},
    {HazardKind::destruction_order, "destruction-order", "members would be constructed or destroyed in another order",
     Effect::review, Effect::none, Effect::none},
    {HazardKind::defaulted_comparison, "defaulted-comparison", "a defaulted comparison goes by the order of its fields",
     Effect::blocks, Effect::none, Effect::none},
    {HazardKind::unseen_initialisers, "unseen-initialisers",
     "other files that include it may initialise it by position", Effect::review, Effect::review, Effect::none},
    {HazardKind::fixed_initialiser, "fixed-initialiser", "an initialiser that goes by position cannot be rewritten",
     Effect::review, Effect::none, Effect::none},
    {HazardKind::structured_binding, "structured-binding", "a structured binding names its fields by position",
     Effect::review, Effect::blocks, Effect::none},
    {HazardKind::template_record, "template-record", "it is made from a template", Effect::review, Effect::review,
     Effect::none},
    {HazardKind::macro_inside, "macro-inside", "fields of it come from a macro", Effect::review, Effect::review,
     Effect::none},
    {HazardKind::conditional_inside, "conditional-inside", "there is an #if inside it", Effect::review, Effect::review,
     Effect::none},
    {HazardKind::shared_declaration, "shared-declaration", "fields that would move share a line or a declaration",
     Effect::review, Effect::review, Effect::none},
    {HazardKind::offset_taken, "offset-taken", "offsetof is applied to it", Effect::blocks, Effect::blocks,
     Effect::review},
    {HazardKind::member_pointer, "member-pointer", "pointers to its members are made", Effect::review, Effect::blocks,
     Effect::none},
    {HazardKind::layout_asserted, "layout-asserted", "a static_assert fixes its layout", Effect::blocks, Effect::blocks,
     Effect::blocks},
    {HazardKind::bytewise_access, "bytewise-access", "its bytes are copied, compared, read or written as they are",
     Effect::blocks, Effect::blocks, Effect::blocks},
    {HazardKind::exported_interface, "exported-interface", "it crosses the border of the module or of C",
     Effect::review, Effect::review, Effect::review},
    {HazardKind::public_header, "public-header", "it stands in a public header", Effect::review, Effect::review,
     Effect::review},
    {HazardKind::has_derived, "has-derived", "other records derive from it, and theirs may grow", Effect::review,
     Effect::review, Effect::none},
    {HazardKind::unusual_layout, "unusual-layout", "its layout is not one that is understood", Effect::blocks,
     Effect::blocks, Effect::review},
    {HazardKind::several_layouts, "several-layouts", "it has different layouts in different units", Effect::blocks,
     Effect::blocks, Effect::blocks},
    {HazardKind::address_taken, "address-taken", "the address of one of the fields is taken", Effect::none,
     Effect::blocks, Effect::none},
    {HazardKind::reference_bound, "reference-bound",
     "a reference is bound to one of the fields, and would be bound to a copy", Effect::none, Effect::blocks,
     Effect::none},
    {HazardKind::default_initialiser, "default-initialiser",
     "bit-fields have default member initialisers only since C++20", Effect::none, Effect::blocks, Effect::none},
    {HazardKind::shared_by_threads, "shared-by-threads",
     "adjacent bit-fields are one memory location, and the unit uses threads", Effect::none, Effect::review,
     Effect::none},
    {HazardKind::no_underlying_type, "no-underlying-type", "its language has no underlying types (C before C23)",
     Effect::none, Effect::none, Effect::review},
    {HazardKind::opaque_declaration, "opaque-declaration", "it is declared without its enumerators, too", Effect::none,
     Effect::none, Effect::review},
    {HazardKind::unusual_definition, "unusual-definition",
     "its definition comes from a macro, or there is an #if inside", Effect::none, Effect::none, Effect::review},
    {HazardKind::unseen_uses, "unseen-uses", "other files that include it may use it in other ways", Effect::none,
     Effect::none, Effect::review},
    {HazardKind::integer_cast, "integer-cast", "integers that may be out of its range are converted to it",
     Effect::none, Effect::none, Effect::review},
    {HazardKind::underlying_used, "underlying-used", "its underlying type or its size is asked for", Effect::none,
     Effect::none, Effect::review},
    {HazardKind::pointer_converted, "pointer-converted", "pointers or references to it are converted to others",
     Effect::none, Effect::none, Effect::review},
    {HazardKind::promotion, "promotion", "it would promote to another type", Effect::none, Effect::none,
     Effect::review},
    {HazardKind::overloaded_call, "overloaded-call", "its underlying type may choose between overloads", Effect::none,
     Effect::none, Effect::review},
    {HazardKind::passed_variadic, "passed-variadic", "it is passed, or taken, as a variable argument", Effect::none,
     Effect::none, Effect::review},
    {HazardKind::declares_bit_field, "declares-bit-field", "a bit-field is declared with it", Effect::none,
     Effect::none, Effect::review},
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
  std::string what;  ///< the name of the field or function that it is about, or empty
};

}  // namespace wml
