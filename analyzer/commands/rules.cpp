#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analyzer/commands/commands.h"
#include "analyzer/config.h"
#include "analyzer/rule_pages.h"
#include "rules/engine/registry.h"
#include "rules/engine/run_rules.h"

namespace wml {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Rule& rule) {
  Json options = Json::array();
  for (const Option& option : rule.info.options) {
    Json entry = {{"key", option.key}, {"help", option.help}};
    std::visit([&entry](auto value) { entry["default"] = value; }, option.default_value);
    options.push_back(entry);
  }
  return {{"id", rule.info.id},
          {"severity", to_string(rule.info.default_severity)},
          {"summary", rule.info.summary},
          {"reads", reads_sources(rule) ? "sources" : "modules"},
          {"fix", rule.info.fix == FixKind::none ? "none" : "sometimes"},
          {"since", rule.info.since},
          {"options", options}};
}

int list_rules(bool json) {
  if (json) {
    Json list = Json::array();
    for (const Rule* rule : all_rules()) list.push_back(to_json(*rule));
    fmt::print("{}\n", Json{{"schema_version", 1}, {"rules", list}}.dump(2));
    return kClean;
  }
  for (const Rule* rule : all_rules()) {
    fmt::print("{:<28}{:<9}{}\n", rule->info.id, to_string(rule->info.default_severity), rule->info.summary);
  }
  return kClean;
}

int explain(const std::string& id) {
  const Rule* rule = find_rule(id);
  if (rule != nullptr) {
    fmt::print("{}", rule_page(rule->info.id));
    return kClean;
  }
  std::vector<std::string> known;
  for (const Rule* other : all_rules()) known.emplace_back(other->info.id);
  const auto better = nearest(id, known);
  fmt::print(stderr, "wasm-memlint: error: unknown rule \"{}\"; {}\n", id,
             better ? fmt::format("did you mean \"{}\"?", *better) : "`wasm-memlint rules` lists them");
  return kUsage;
}

}  // namespace

void add_rules(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("rules", "List the rules");
  auto format = std::make_shared<std::string>("text");
  command->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->footer("Example: wasm-memlint rules --format json");
  command->callback([format, &run] { run = [format] { return list_rules(*format == "json"); }; });
}

void add_explain(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("explain", "Print a rule's documentation");
  auto id = std::make_shared<std::string>();
  command->add_option("RULE", *id, "The rule's name, as `wasm-memlint rules` lists it")->required();
  command->footer("Example: wasm-memlint explain stack-oversized");
  command->callback([id, &run] { run = [id] { return explain(*id); }; });
}

}  // namespace wml
