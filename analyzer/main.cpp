#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/commands/commands.h"
#include "analyzer/start_again.h"
#include "analyzer/version.h"

namespace {

struct Command {
  std::string_view name;
  void (*add)(CLI::App& app, wml::Run& run);
};
constexpr std::array<Command, 7> kCommands{{{"check", wml::add_check},
                                            {"stack", wml::add_stack},
                                            {"source", wml::add_source},
                                            {"fix", wml::add_fix},
                                            {"rules", wml::add_rules},
                                            {"explain", wml::add_explain},
                                            {"init", wml::add_init}}};

bool is_command(std::string_view word) { return std::ranges::find(kCommands, word, &Command::name) != kCommands.end(); }

/// `wasm-memlint module.wasm` means `wasm-memlint check module.wasm`.
std::vector<std::string> with_default_command(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return {"--help"};
  const std::string& first = arguments.front();
  const bool own = first == "--help" || first == "-h" || first == "--version" || is_command(first);
  if (!own) arguments.insert(arguments.begin(), "check");
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  wml::remember_arguments(argv);
  std::vector<std::string> arguments = with_default_command(argc, argv);
  CLI::App app("wasm-memlint: how much linear memory a WebAssembly module needs, why, and what to change",
               "wasm-memlint");
  app.set_version_flag("--version", std::string("wasm-memlint ") + wml::kVersion);
  app.require_subcommand(1);
  app.footer(
      "`wasm-memlint FILE` is `wasm-memlint check FILE`; `wasm-memlint COMMAND --help` has the options.\n\n"
      "Example: wasm-memlint --budget 32 module.wasm");
  wml::Run run;
  // Options of the other commands need not be made for one that is named.
  const bool named = is_command(arguments.front());
  for (const Command& command : kCommands) {
    if (!named || command.name == arguments.front()) command.add(app, run);
  }

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
