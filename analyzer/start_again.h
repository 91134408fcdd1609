#pragma once

#include <optional>

namespace wml {

// A run with one module needs no worker process, which would take as long as a small module itself: where the process
// is about to end, by a signal or because it takes too long, it becomes a new run of the program that is told so.

/// First thing in main: what a new run is started with. `arguments` stays as long as the program runs.
void remember_arguments(char** arguments);

/// What ended the run that this one follows: a signal's number, SIGALRM where it took too long. None in a first run.
/// What the first run read of standard input cannot be read again.
std::optional<int> signal_before_this_run();

/// From here on a signal that ends the process starts the program again, while `watch_time` has set a limit. (SIGKILL
/// cannot be handled. Only the calling thread can have exhausted its stack: Binaryen runs in it.) False where that
/// cannot be done: without remembered arguments, without /proc, or in a build with sanitizers, which report signals
/// themselves.
bool start_again_when_ended();

/// The most that may pass until the next call; 0: no limit, and signals end the process as usual.
void watch_time(unsigned seconds);

}  // namespace wml
