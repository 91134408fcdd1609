#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "analyzer/report/report.h"

/// What the JSON reports have in common.
namespace wml {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Whether long lists are cut.
enum class ListLength { shown, whole };

/// A module that could not be analysed.
Json error_json(const ModuleReport& report);

/// `component` of a module: null unless a component embeds it.
Json component_json(const ModuleFacts& module);

/// A function's index and name.
Json function_json(const ModuleFacts& module, std::uint32_t function);

/// `stack` of a module: null when it has none.
Json stack_json(const ModuleFacts& module, ListLength length);

/// The frame around the modules, as text.
std::string json_report(Json modules);

}  // namespace wml
