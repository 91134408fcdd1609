#pragma once

#include <span>
#include <string>

#include "analyzer/report/report.h"

namespace wml {

struct TextStyle {
  bool color = false;
};

/// The report for people: one block a module, and a table when there is more than one module.
std::string to_text(std::span<const ModuleReport> reports, const TextStyle& style);

}  // namespace wml
