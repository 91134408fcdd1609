// Allocations of constant size that add up, with and without calls in the function.
#include <alloca.h>

static volatile int rounds = 30;

__attribute__((noinline)) static void touch(volatile int *place, int value) { *place = value; }

__attribute__((noinline)) static int with_calls(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    volatile int *place = alloca(48);
    touch(place, i);
    sum += *place;
  }
  return sum;
}

__attribute__((noinline)) static int without_calls(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    volatile int *place = alloca(16);
    *place = i;
    sum += *place;
  }
  return sum;
}

int main(void) { return with_calls(rounds) + without_calls(rounds) == 1; }
