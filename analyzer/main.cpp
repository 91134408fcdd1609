#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/commands/commands.h"
#include "analyzer/version.h"

namespace {

constexpr std::array<std::string_view, 7> kCommands{"check", "stack", "source", "fix", "rules", "explain", "init"};

/// `wasm-memlint module.wasm` means `wasm-memlint check module.wasm`.
std::vector<std::string> with_default_command(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return {"--help"};
  const std::string& first = arguments.front();
  const bool own = first == "--help" || first == "-h" || first == "--version" ||
                   std::ranges::find(kCommands, first) != kCommands.end();
  if (!own) arguments.insert(arguments.begin(), "check");
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("wasm-memlint: how much linear memory a WebAssembly module needs, why, and what to change",
               "wasm-memlint");
  app.set_version_flag("--version", std::string("wasm-memlint ") + wml::kVersion);
  app.require_subcommand(1);
  app.footer(
      "`wasm-memlint FILE` is `wasm-memlint check FILE`; `wasm-memlint COMMAND --help` has the options.\n\n"
      "Example: wasm-memlint --budget 32 module.wasm");
  wml::Run run;
  wml::add_check(app, run);
  wml::add_stack(app, run);
  wml::add_source(app, run);
  wml::add_fix(app, run);
  wml::add_rules(app, run);
  wml::add_explain(app, run);
  wml::add_init(app, run);

  std::vector<std::string> arguments = with_default_command(argc, argv);
  const bool no_arguments = argc < 2;
  std::ranges::reverse(arguments);  // CLI11 takes them last first
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 && !no_arguments ? 0 : wml::kUsage;
  }
  return run();
}
