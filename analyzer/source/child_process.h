#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace wml {

/// A program that is asked and answers line by line, through pipes. Ends it when it goes out of scope.
class ChildProcess {
public:
  /// Nothing where it cannot be started. Its standard error leads nowhere.
  static std::optional<ChildProcess> start(const std::vector<std::string>& command);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  /// Sends a line; false when the process is gone.
  bool send(const std::string& line);
  void close_input();

  /// What can be waited for with poll().
  int output() const { return output_; }
  /// Takes what has arrived: false at the end of its output.
  bool receive();
  /// The next whole line that was received.
  std::optional<std::string> take_line();

  /// Ends it and says how it ended: "it crashed (Segmentation fault)", "it ended with exit code 2".
  std::string end();

private:
  ChildProcess(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string received_;
  std::size_t scanned_ = 0;  // bytes of received_ that hold no newline
};

}  // namespace wml
