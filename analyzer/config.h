#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/result.h"
#include "analyzer/wasm/recursion_limits.h"
#include "rules/engine/settings.h"

namespace wml {

/// A budget for the files that match a glob. Pages of 64 KiB.
struct FileBudget {
  std::string files;
  std::uint64_t pages = 0;
};

/// What wasm-memlint.toml says: docs/configuration.md has every key.
struct Config {
  std::optional<std::uint64_t> budget_pages;
  std::vector<FileBudget> budgets;  ///< the first that matches a file wins over `budget_pages`
  std::optional<Severity> fail_on;
  RuleSettings rules = RuleSettings::defaults();
  std::vector<RecursionLimit> recursion_limits;

  std::optional<std::uint64_t> budget_for(const std::string& path) const;
};

/// The nearest wasm-memlint.toml, from the working directory upward.
std::optional<std::string> find_config();

/// Reads a config file. Errors name the file, the line and, for an unknown key, the nearest known one.
Result<Config> read_config(const std::string& path);

/// "32" (pages), "2MiB", "512KiB", "1GiB": pages of 64 KiB, rounded down, or why it is none.
Result<std::uint64_t> parse_budget(std::string_view text);

std::optional<Severity> severity_named(std::string_view name);

/// The candidate that differs from `word` least, when that is little enough to be a typing error.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace wml
