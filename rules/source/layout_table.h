#pragma once

#include <span>
#include <string>

#include "rules/source/record_layout.h"

namespace wml {

/// A record's layout as lines of offset, size, hole behind it, and declaration, now and with `fields` in `order`.
std::string layout_tables(const RecordFact& record, std::span<const FieldFact> fields,
                          std::span<const std::uint32_t> order);

/// The same with `then` for the record, where its alignment differs too.
std::string layout_tables(const RecordFact& now, const RecordFact& then, std::span<const std::uint32_t> order);

}  // namespace wml
