#include "analyzer/commands/common_options.h"

#include <cstdlib>

#include <unistd.h>

#include <fmt/format.h>

#include "analyzer/commands/commands.h"
#include "analyzer/report/printable.h"

namespace wml {

void add_common_options(CLI::App& command, CommonOptions& options) {
  command.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command.add_option("--color", options.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  CLI::Option* config = command.add_option("--config", options.config_path,
                                           "Read this config file instead of the nearest wasm-memlint.toml");
  command.add_flag("--no-config", options.no_config, "Read no config file")->excludes(config);
}

bool wants_color(const CommonOptions& options) {
  if (options.color != "auto") return options.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

Result<Config> load_config(const CommonOptions& options) {
  if (options.no_config) return Config{};
  if (!options.config_path.empty()) return read_config(options.config_path);
  const auto found = find_config();
  return found ? read_config(*found) : Result<Config>(Config{});
}

int usage_error(const std::string& message) {
  fmt::print(stderr, "wasm-memlint: error: {}\n", printable(message));
  return kUsage;
}

}  // namespace wml
