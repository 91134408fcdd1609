#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "clang/AST/Decl.h"
#include "extract/places.h"

namespace wml::extract {

/// The text by which a field is declared: from the comment before it to the comment behind it.
struct FieldText {
  SourceText extent;
  bool alone = false;       ///< it declares one field and can be put where another one is
  std::uint32_t group = 0;  ///< FieldFact::doc_group
};

/// The texts of a record's fields, and the first preprocessor directive between its braces ("#if"). Empty where a macro
/// makes the record.
struct RecordTexts {
  std::map<const clang::FieldDecl*, FieldText> fields;
  std::optional<std::string> directive;
};

RecordTexts read_record_texts(const clang::RecordDecl& record, const Places& places);

}  // namespace wml::extract
