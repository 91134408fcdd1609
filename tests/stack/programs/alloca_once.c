// Allocations of constant size that are made or not: each has a bound.
#include <alloca.h>

static volatile int seed = 5;
static volatile int elsewhere[64];

__attribute__((noinline)) static void touch(volatile int *place, int value) { place[0] = place[15] = value; }

__attribute__((noinline)) static int sometimes(int value) {
  volatile int *place = elsewhere;
  if (value > 3) place = alloca(64 * sizeof *place);
  touch(place, value);
  if (value > 4) {
    place = alloca(128 * sizeof *place);
    touch(place + 100, value);
  }
  return *place;
}

int main(void) { return sometimes(seed) == 1; }
