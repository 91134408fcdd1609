#include "analyzer/isolate.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <new>

#include <fmt/format.h>

#include "analyzer/sanitized.h"
#include "analyzer/start_again.h"

namespace wml {
namespace {

std::uint64_t now_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec);
}

/// In memory that both processes share.
struct SharedProgress {
  std::atomic<std::uint64_t> item{Progress::kNone};
  std::atomic<std::uint64_t> since{0};
};

class SharedProgressWriter final : public Progress {
public:
  explicit SharedProgressWriter(SharedProgress& shared) : shared_(shared) {}
  void at(std::uint64_t item) override {
    shared_.since = now_seconds();
    shared_.item = item;
  }

private:
  SharedProgress& shared_;
};

void limit_worker(const IsolationLimits& limits) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (kSanitized) return;
  const rlimit address_space{limits.address_space_bytes, limits.address_space_bytes};
  setrlimit(RLIMIT_AS, &address_space);
}

/// Ends the process with what the work returns. Nothing is freed: large modules have a million lists.
[[noreturn]] void work_and_end(const IsolationLimits& limits, const Casualties& casualties, Progress& progress,
                               const std::function<int(const Casualties&, Progress&)>& work) {
  limit_worker(limits);
  const int code = work(casualties, progress);
  std::fflush(stdout);
  std::fflush(stderr);
  _exit(code);
}

/// Waits for the worker; ends it when its item takes too long. Returns the wait status, and whether it was ended.
struct Ended {
  int status = 0;
  bool timed_out = false;
};

Ended wait_for(pid_t worker, const IsolationLimits& limits, const SharedProgress& shared) {
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  Ended ended;
  while (waitpid(worker, &ended.status, WNOHANG) == 0) {
    const timespec tick{0, 200'000'000};
    sigtimedwait(&child_signal, nullptr, &tick);
    const bool busy = shared.item != Progress::kNone;
    if (busy && !ended.timed_out && now_seconds() > shared.since + limits.seconds_per_item) {
      ended.timed_out = true;
      kill(worker, SIGKILL);
    }
  }
  return ended;
}

std::string describe_timeout(const IsolationLimits& limits) {
  return fmt::format("analysing it took more than {} seconds and was stopped", limits.seconds_per_item);
}

std::string describe_signal(int signal) {
  if (signal == SIGBUS) return "somebody cut the file short while it was analysed; try again once it is complete";
  return fmt::format("analysing it ended with a crash ({}): it is nested too deeply, or this is a bug worth reporting",
                     strsignal(signal));
}

std::string describe(const Ended& ended, const IsolationLimits& limits) {
  if (ended.timed_out) return describe_timeout(limits);
  if (WIFSIGNALED(ended.status)) return describe_signal(WTERMSIG(ended.status));
  return fmt::format("analysing it ended with exit code {}", WEXITSTATUS(ended.status));
}

/// Of a single item, in this process.
class TimeWatch final : public Progress {
public:
  explicit TimeWatch(unsigned seconds) : seconds_(seconds) {}
  void at(std::uint64_t item) override { watch_time(item == kNone ? 0 : seconds_); }

private:
  unsigned seconds_;
};

}  // namespace

int run_isolated(std::size_t items, const IsolationLimits& limits,
                 const std::function<int(const Casualties&, Progress&)>& work) {
  Casualties casualties(items);
  if (items == 1) {
    const std::optional<int> signal = signal_before_this_run();
    if (signal) casualties[0] = *signal == SIGALRM ? describe_timeout(limits) : describe_signal(*signal);
    if (signal || start_again_when_ended()) {
      TimeWatch progress(limits.seconds_per_item);
      work_and_end(limits, casualties, progress, work);
    }
  }
  void* memory = mmap(nullptr, sizeof(SharedProgress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::fputs("wasm-memlint: error: no memory to start with\n", stderr);
    return 3;
  }
  auto* shared = new (memory) SharedProgress;

  sigset_t child_signal, before;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, &before);
  for (;;) {
    shared->item = Progress::kNone;
    const pid_t worker = fork();
    if (worker == -1) {
      std::fputs("wasm-memlint: error: cannot start a worker process\n", stderr);
      return 3;
    }
    if (worker == 0) {
      sigprocmask(SIG_SETMASK, &before, nullptr);
      SharedProgressWriter progress(*shared);
      work_and_end(limits, casualties, progress, work);
    }
    const Ended ended = wait_for(worker, limits, *shared);
    const std::uint64_t item = shared->item;
    if (item == Progress::kNone || item >= items) {
      if (WIFEXITED(ended.status)) return WEXITSTATUS(ended.status);
      std::fprintf(stderr, "wasm-memlint: error: the worker process ended with signal %d\n", WTERMSIG(ended.status));
      return 3;
    }
    casualties[item] = describe(ended, limits);
  }
}

}  // namespace wml
