#include "analyzer/start_again.h"

#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "analyzer/sanitized.h"

namespace wml {
namespace {

// All of this is read by a signal handler: plain data that is there before the handler is.
char** remembered_arguments = nullptr;
int standard_error = -1;            // a second name of it: Binaryen's messages are kept from the first one
volatile sig_atomic_t watched = 0;  // an item is being analysed

constexpr const char* kVariable = "WASM_MEMLINT_ENDED_BY";
constexpr const char* kThisProgram = "/proc/self/exe";
/// Part of the environment once it was put there: the process, which stays the same, and the signal, whose number the
/// handler writes over the zeros.
std::array<char, 64> ended_by{};
std::size_t signal_at = 0;

constexpr std::array<int, 7> kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGALRM};

/// Does what is allowed in a signal handler (POSIX, 2.4.3), of which execve is the last.
void start_again(int signal) {
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;  // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): a macro of the system's
  if (watched == 0) {
    sigaction(signal, &usual, nullptr);
    raise(signal);
    return;
  }
  alarm(0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // a mask outlives execve
  if (standard_error >= 0) dup2(standard_error, STDERR_FILENO);
  ended_by[signal_at] = static_cast<char>('0' + signal / 10);
  ended_by[signal_at + 1] = static_cast<char>('0' + signal % 10);
  execve(kThisProgram, remembered_arguments, environ);
  constexpr std::string_view kMessage = "wasm-memlint: error: it crashed, and cannot start itself to say more\n";
  static_cast<void>(write(STDERR_FILENO, kMessage.data(), kMessage.size()));
  _exit(3);
}

/// The signal, where this process wrote it there.
std::optional<int> read_variable() {
  const char* value = std::getenv(kVariable);
  const std::string text = value == nullptr ? "" : value;
  unsetenv(kVariable);
  const std::string own = fmt::format("{}:", getpid());
  if (!text.starts_with(own)) return std::nullopt;
  int signal = 0;
  std::from_chars(text.data() + own.size(), text.data() + text.size(), signal);
  return signal > 0 ? std::optional(signal) : std::nullopt;
}

}  // namespace

void remember_arguments(char** arguments) { remembered_arguments = arguments; }

std::optional<int> signal_before_this_run() {
  static const std::optional<int> found = read_variable();
  return found;
}

bool start_again_when_ended() {
  if (kSanitized || remembered_arguments == nullptr || access(kThisProgram, X_OK) != 0) return false;
  signal_at = fmt::format_to_n(ended_by.data(), ended_by.size(), "{}={}:", kVariable, getpid()).size;
  ended_by[signal_at] = ended_by[signal_at + 1] = '0';
  if (putenv(ended_by.data()) != 0) return false;
  standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  // Binaryen's parser of text exhausts the stack, so that the handler needs another one.
  static std::array<char, std::size_t{64} * 1024> stack;
  const stack_t other{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  sigaltstack(&other, nullptr);
  struct sigaction handled{};
  handled.sa_handler = start_again;
  handled.sa_flags = SA_ONSTACK;
  sigset_t signals;  // a parent may have blocked them
  sigemptyset(&signals);
  for (const int signal : kSignals) {
    sigaction(signal, &handled, nullptr);
    sigaddset(&signals, signal);
  }
  sigprocmask(SIG_UNBLOCK, &signals, nullptr);
  return true;
}

void watch_time(unsigned seconds) {
  if (seconds > 0) watched = 1;
  alarm(seconds);
  if (seconds == 0) watched = 0;
}

}  // namespace wml
