#pragma once

#include <span>
#include <string>

#include "analyzer/report/report.h"

namespace wml {

/// The report as JSON, schema_version 1: docs/report.schema.json describes it, docs/json.md explains it.
std::string to_json(std::span<const ModuleReport> reports);

/// What `wasm-memlint stack --format json` prints: of each module `path`, `error`, and `stack` with whole lists.
std::string to_stack_json(std::span<const ModuleReport> reports);

}  // namespace wml
