#pragma once

#include <string>

#include "analyzer/report/text.h"
#include "analyzer/source/source_report.h"

namespace wml {

/// Findings in Clang's form, `file:line:column: warning: message [rule]`, which editors and scripts read, with what to
/// do below each. Paths below the working directory are relative to it.
std::string to_source_text(const SourceReport& report, const TextStyle& style);

/// `file:line:column: error: message`, one line each.
std::string source_errors_text(const std::vector<SourceError>& errors);

}  // namespace wml
