#pragma once

#include <string>
#include <string_view>

#include "analyzer/report/paint.h"
#include "analyzer/report/report.h"

/// What the text reports have in common.
namespace wml {

/// The file, and which core module of a component it is.
std::string report_name(const ModuleReport& report);

/// The first line of a module's block.
std::string report_title(const ModuleReport& report, const Paint& paint);

/// One line of the block: a label, a value, and how the value is known.
std::string row(std::string_view label, const std::string& value, const std::string& how = {});

std::string with_basis(const Basis& basis, const Paint& paint);

/// A function by its name, or by its index.
std::string function_text(const ModuleFacts& module, std::uint32_t function);

}  // namespace wml
