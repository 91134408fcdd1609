#include "analyzer/source/extractors.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>

#include <poll.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analyzer/source/child_process.h"
#include "analyzer/source/facts_json.h"

namespace wml {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kProgram = "wasm-memlint-extract";

/// The extractor stands beside this program.
Result<std::string> find_program() {
  std::error_code failed;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failed);
  const std::filesystem::path beside = self.parent_path() / kProgram;
  if (!failed && std::filesystem::exists(beside, failed)) return beside.string();
  return Error{fmt::format("{} is not beside wasm-memlint: build it with Clang 22's development files "
                           "(libclang-22-dev) installed",
                           kProgram),
               std::nullopt};
}

Result<std::vector<std::string>> command_for(const ExtractRequest& request) {
  WML_TRY(std::string program, find_program());
  std::vector<std::string> command{program};
  if (!request.build.empty()) command.push_back("-p=" + request.build);
  if (!request.target.empty()) command.push_back("--target=" + request.target);
  if (!request.sysroot.empty()) command.push_back("--sysroot=" + request.sysroot);
  for (const std::string& argument : request.arguments) command.push_back("--extra-arg=" + argument);
  for (const auto& [file, contents] : request.overlay)
    command.push_back(fmt::format("--overlay={}={}", file, contents));
  return command;
}

SourceFacts failed_unit(const std::string& unit, std::string why) {
  SourceFacts facts;
  facts.unit = unit;
  facts.errors.push_back({{}, std::move(why)});
  return facts;
}

/// The name of a file as a JSON string: it may hold a newline.
std::string as_json(const std::string& unit) { return Json(unit).dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Hands units out to processes and takes their facts.
class Pool {
public:
  Pool(const ExtractRequest& request, std::vector<std::string> command, const std::vector<std::string>& units)
      : request_(request), command_(std::move(command)), units_(units), facts_(units.size()) {}

  std::vector<SourceFacts> run() {
    const std::size_t workers = std::min<std::size_t>(std::max(1U, request_.jobs), units_.size());
    workers_.resize(workers);
    for (Worker& worker : workers_) give_next(worker);
    while (std::ranges::any_of(workers_, [](const Worker& worker) { return worker.unit.has_value(); })) wait();
    return std::move(facts_);
  }

private:
  struct Worker {
    std::optional<ChildProcess> process;
    std::optional<std::size_t> unit;  // that it is at
    Clock::time_point deadline;
  };

  void give_next(Worker& worker) {
    worker.unit.reset();
    while (next_ < units_.size()) {
      const std::size_t unit = next_++;
      if (!worker.process) worker.process = ChildProcess::start(command_);
      if (worker.process && worker.process->send(as_json(units_[unit]))) {
        worker.unit = unit;
        worker.deadline = Clock::now() + std::chrono::seconds(request_.timeout_seconds);
        return;
      }
      worker.process.reset();
      facts_[unit] = failed_unit(units_[unit], fmt::format("{} cannot be started", command_.front()));
    }
  }

  void give_up(Worker& worker, const std::string& why) {
    facts_[*worker.unit] = failed_unit(units_[*worker.unit], why);
    worker.process.reset();
    give_next(worker);
  }

  void wait() {
    std::vector<pollfd> waited;
    waited.reserve(workers_.size());
    for (const Worker& worker : workers_) waited.push_back({worker.unit ? worker.process->output() : -1, POLLIN, 0});
    poll(waited.data(), waited.size(), 1000);
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      Worker& worker = workers_[i];
      if (!worker.unit) continue;
      if (waited[i].revents != 0 && !take(worker)) continue;
      if (worker.unit && Clock::now() > worker.deadline)
        give_up(worker, fmt::format("it took more than {} seconds (--timeout allows more)", request_.timeout_seconds));
    }
  }

  /// False when the process has ended.
  bool take(Worker& worker) {
    if (!worker.process->receive()) {
      give_up(worker, "the extractor could not finish it: " + worker.process->end());
      return false;
    }
    if (const auto line = worker.process->take_line()) {
      auto facts = from_json_line(*line);
      facts_[*worker.unit] =
          facts.ok() ? std::move(facts.value()) : failed_unit(units_[*worker.unit], facts.error().message);
      give_next(worker);
    }
    return true;
  }

  const ExtractRequest& request_;
  std::vector<std::string> command_;
  const std::vector<std::string>& units_;
  std::vector<SourceFacts> facts_;
  std::vector<Worker> workers_;
  std::size_t next_ = 0;
};

}  // namespace

Result<std::vector<std::string>> list_units(const ExtractRequest& request) {
  WML_TRY(std::vector<std::string> command, command_for(request));
  command.emplace_back("--list");
  auto process = ChildProcess::start(command);
  if (!process) return Error{command.front() + " cannot be started", std::nullopt};
  process->close_input();
  std::string answer;
  while (process->receive()) {
    while (auto line = process->take_line()) answer = std::move(*line);
  }
  const Json listed = Json::parse(answer, nullptr, false);
  if (listed.is_discarded() || !listed.is_object())
    return Error{fmt::format("{}: its units could not be listed: {}", request.build, process->end()), std::nullopt};
  if (listed.contains("error")) return Error{listed["error"].get<std::string>(), std::nullopt};
  std::vector<std::string> units = listed["units"].get<std::vector<std::string>>();
  if (units.empty())
    return Error{
        fmt::format("{}: its compile_commands.json lists no unit; has the build been configured?", request.build),
        std::nullopt};
  return units;
}

Result<std::vector<SourceFacts>> extract_units(const ExtractRequest& request, const std::vector<std::string>& units) {
  WML_TRY(std::vector<std::string> command, command_for(request));
  std::signal(SIGPIPE, SIG_IGN);  // an extractor that is gone is told by write()
  return Pool(request, std::move(command), units).run();
}

}  // namespace wml
