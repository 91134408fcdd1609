#include "analyzer/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "rules/engine/registry.h"

namespace wml {
namespace {

constexpr const char* kFileName = "wasm-memlint.toml";

/// Single-character edits between two words (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

/// Reads a parsed file into a Config. The first error is kept and ends it.
class ConfigReader {
public:
  explicit ConfigReader(std::string path) : path_(std::move(path)) {}

  Result<Config> read(const toml::table& root) {
    check_keys(root, {"budget", "fail-on", "budgets", "rules", "stack", "suppress"}, "");
    if (const toml::node* node = root.get("budget")) config_.budget_pages = budget(*node);
    if (const toml::node* node = root.get("fail-on")) config_.fail_on = fail_on(*node);
    if (const toml::node* node = root.get("budgets")) read_budgets(*node);
    if (const toml::node* node = root.get("rules")) read_rules(*node);
    if (const toml::node* node = root.get("stack")) read_stack(*node);
    if (const toml::node* node = root.get("suppress")) read_suppressions(*node);
    if (error_) return *error_;
    return std::move(config_);
  }

private:
  void fail(const toml::node& node, std::string message) {
    if (error_) return;
    error_ = Error{fmt::format("{}:{}: {}", path_, node.source().begin.line, message), std::nullopt};
  }

  void check_keys(const toml::table& table, const std::vector<std::string>& known, std::string_view of) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::ranges::find(known, name) != known.end()) continue;
      const auto better = nearest(name, known);
      fail(node, better ? fmt::format("unknown key \"{}\"{}; did you mean \"{}\"?", name, of, *better)
                        : fmt::format("unknown key \"{}\"{}; expected {}", name, of,
                                      known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
    }
  }

  std::optional<std::uint64_t> budget(const toml::node& node) {
    const auto number = node.value<std::int64_t>();
    const auto text = node.value<std::string>();
    const auto pages = parse_budget(node.is_string() ? *text : number ? std::to_string(*number) : "");
    if (pages.ok()) return pages.value();
    fail(node, pages.error().message);
    return std::nullopt;
  }

  std::optional<Severity> severity(const toml::node& node, std::string_view expected) {
    const auto text = node.value<std::string>();
    const auto value = text ? severity_named(*text) : std::nullopt;
    if (!value) fail(node, fmt::format("expected {}", expected));
    return value;
  }

  std::optional<Severity> fail_on(const toml::node& node) {
    if (node.value<std::string>() == "never") return Severity::off;
    const auto value = severity(node, "\"error\", \"warning\", \"info\" or \"never\"");
    if (value == Severity::off) fail(node, "expected \"error\", \"warning\", \"info\" or \"never\"");
    return value;
  }

  std::string text(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    const auto value = node == nullptr ? std::nullopt : node->value<std::string>();
    if (!value || value->empty())
      fail(node == nullptr ? table : *node, fmt::format("\"{}\" must be given, as a text", key));
    return value.value_or("");
  }

  /// Calls `read` for each table of an array of tables.
  template <class Read>
  void each_table(const toml::node& node, std::string_view key, Read read) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return fail(node, fmt::format("\"{0}\" must be an array of tables: [[{0}]]", key));
    for (const toml::node& item : *array) {
      if (const toml::table* table = item.as_table()) {
        read(*table);
      } else {
        fail(item, fmt::format("\"{0}\" must be an array of tables: [[{0}]]", key));
      }
    }
  }

  void read_budgets(const toml::node& node) {
    each_table(node, "budgets", [this](const toml::table& table) {
      check_keys(table, {"files", "budget"}, " in [[budgets]]");
      FileBudget entry{text(table, "files"), 0};
      const toml::node* value = table.get("budget");
      if (value == nullptr) return fail(table, "\"budget\" must be given: pages, or a text as \"2MiB\"");
      entry.pages = budget(*value).value_or(0);
      config_.budgets.push_back(std::move(entry));
    });
  }

  void read_suppressions(const toml::node& node) {
    each_table(node, "suppress", [this](const toml::table& table) {
      check_keys(table, {"rule", "files", "reason"}, " in [[suppress]]");
      Suppression entry{text(table, "rule"), table["files"].value_or(std::string()), text(table, "reason")};
      if (!error_ && find_rule(entry.rule) == nullptr) unknown_rule(*table.get("rule"), entry.rule);
      config_.rules.suppressions.push_back(std::move(entry));
    });
  }

  void read_stack(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return fail(node, "\"stack\" must be a table: [stack.recursion]");
    check_keys(*table, {"recursion"}, " in [stack]");
    const toml::node* limits = table->get("recursion");
    if (limits == nullptr) return;
    if (limits->as_table() == nullptr) return fail(*limits, "\"stack.recursion\" must be a table: [stack.recursion]");
    for (const auto& [key, value] : *limits->as_table()) {
      const auto count = value.value_exact<std::int64_t>();
      if (!count || *count < 1)
        return fail(value, fmt::format("\"{}\" must be a whole number, 1 or more: calls on the stack at once",
                                       std::string_view(key.str())));
      if (config_.recursion_limits.size() == kMostRecursionLimits)
        return fail(value, fmt::format("there can be {} recursion limits at most", kMostRecursionLimits));
      config_.recursion_limits.push_back({std::string(key.str()), static_cast<std::uint64_t>(*count)});
    }
  }

  void unknown_rule(const toml::node& node, const std::string& name) {
    std::vector<std::string> known;
    for (const Rule* rule : all_rules()) known.emplace_back(rule->info.id);
    const auto better = nearest(name, known);
    fail(node, better ? fmt::format("unknown rule \"{}\"; did you mean \"{}\"?", name, *better)
                      : fmt::format("unknown rule \"{}\"; `wasm-memlint rules` lists them", name));
  }

  void read_rules(const toml::node& node) {
    const toml::table* rules = node.as_table();
    if (rules == nullptr) return fail(node, "\"rules\" must be a table: [rules.RULE]");
    for (const auto& [key, value] : *rules) {
      const std::string id(key.str());
      const Rule* rule = find_rule(id);
      if (rule == nullptr) {
        unknown_rule(value, id);
      } else if (const toml::table* table = value.as_table()) {
        read_rule(*rule, *table);
      } else {
        fail(value, fmt::format("\"rules.{0}\" must be a table: [rules.{0}]", id));
      }
    }
  }

  void read_rule(const Rule& rule, const toml::table& table) {
    RuleSetting& setting = config_.rules.rules.find(rule.info.id)->second;
    std::vector<std::string> known{"severity"};
    for (const Option& option : rule.info.options) known.emplace_back(option.key);
    check_keys(table, known, fmt::format(" in [rules.{}]", rule.info.id));
    if (const toml::node* node = table.get("severity")) {
      setting.severity = severity(*node, "\"off\", \"info\", \"warning\" or \"error\"").value_or(setting.severity);
    }
    for (const Option& option : rule.info.options) {
      if (const toml::node* node = table.get(option.key)) read_option(option, *node, setting.options);
    }
  }

  void read_option(const Option& option, const toml::node& node, OptionValues& values) {
    if (std::holds_alternative<bool>(option.default_value)) {
      const auto flag = node.value_exact<bool>();
      if (!flag) return fail(node, fmt::format("\"{}\" must be true or false", option.key));
      values.set(option.key, *flag);
    } else {
      const auto number = node.value_exact<std::int64_t>();
      if (!number || *number < 0)
        return fail(node, fmt::format("\"{}\" must be a whole number, 0 or more", option.key));
      values.set(option.key, *number);
    }
  }

  std::string path_;
  Config config_;
  std::optional<Error> error_;
};

}  // namespace

std::optional<std::uint64_t> Config::budget_for(const std::string& path) const {
  for (const FileBudget& entry : budgets) {
    if (matches_glob(entry.files, path)) return entry.pages;
  }
  return budget_pages;
}

std::optional<std::string> find_config() {
  namespace fs = std::filesystem;
  std::error_code failed;
  for (fs::path folder = fs::current_path(failed); !failed; folder = folder.parent_path()) {
    const fs::path candidate = folder / kFileName;
    if (fs::is_regular_file(candidate, failed)) return candidate.string();
    failed.clear();
    if (folder == folder.parent_path()) break;
  }
  return std::nullopt;
}

Result<Config> read_config(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{fmt::format("{}: the config file cannot be opened", path), std::nullopt};
  try {
    return ConfigReader(path).read(toml::parse(file, path));
  } catch (const toml::parse_error& error) {
    return Error{
        fmt::format("{}:{}:{}: {}", path, error.source().begin.line, error.source().begin.column, error.description()),
        std::nullopt};
  }
}

Result<std::uint64_t> parse_budget(std::string_view text) {
  struct Unit {
    std::string_view suffix;
    std::uint64_t bytes;
  };
  constexpr std::array<Unit, 3> kUnits{{{"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}}};
  const Error wrong{fmt::format("\"{}\" is no budget: expected pages (32) or bytes (512KiB, 2MiB, 1GiB)", text),
                    std::nullopt};
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{}) return wrong;
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr std::uint64_t kMostPages = std::uint64_t{1} << 48;
  std::uint64_t pages = number;
  if (!suffix.empty()) {
    const auto unit = std::ranges::find(kUnits, suffix, &Unit::suffix);
    if (unit == kUnits.end()) return wrong;
    if (number > kMostPages) return wrong;
    pages = number * unit->bytes / kPageBytes;
  }
  if (pages == 0 || pages > kMostPages)
    return Error{fmt::format("the budget \"{}\" is less than one page of 64 KiB, or too large", text), std::nullopt};
  return pages;
}

std::optional<Severity> severity_named(std::string_view name) {
  for (const Severity severity : {Severity::off, Severity::info, Severity::warning, Severity::error}) {
    if (to_string(severity) == name) return severity;
  }
  return std::nullopt;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = distance(word, candidate);
    if (edits >= least) continue;
    least = edits;
    best = candidate;
  }
  return best;
}

}  // namespace wml
