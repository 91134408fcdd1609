#pragma once

#include <string>

#include "analyzer/source/source_report.h"

namespace wml {

/// One object, as docs/source.schema.json describes it.
std::string to_source_json(const SourceReport& report);

}  // namespace wml
