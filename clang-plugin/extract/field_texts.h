#pragma once

#include <cstdint>
#include <map>

#include "clang/AST/Decl.h"
#include "extract/places.h"

namespace wml::extract {

/// The text by which a field is declared: from the comment before it to the comment behind it.
struct FieldText {
  SourceText extent;
  bool alone = false;  ///< it declares one field and can be put where another one is
};

/// The texts of a record's fields, and whether there are preprocessor directives between its braces. Empty where a
/// macro makes the record.
struct RecordTexts {
  std::map<const clang::FieldDecl*, FieldText> fields;
  bool has_directives = false;
};

RecordTexts read_record_texts(const clang::RecordDecl& record, const Places& places);

}  // namespace wml::extract
