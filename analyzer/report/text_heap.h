#pragma once

#include <string>

#include "analyzer/report/paint.h"
#include "analyzer/report/report.h"

namespace wml {

/// The rows on who hands out memory, how it grows, what is asked for, and what runs measured.
std::string heap_rows(const ModuleReport& report, const Paint& paint);

}  // namespace wml
