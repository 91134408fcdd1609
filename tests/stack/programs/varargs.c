// Variable arguments are passed in the caller's frame.
#include <stdarg.h>

static volatile int seed = 4;

__attribute__((noinline)) static double sum(int count, ...) {
  va_list list, copy;
  va_start(list, count);
  va_copy(copy, list);
  double result = va_arg(copy, int);
  for (int i = 0; i < count; ++i) result += i % 2 ? va_arg(list, double) : va_arg(list, int);
  va_end(copy);
  va_end(list);
  return result;
}

__attribute__((noinline)) static double forward(int count, ...) {
  volatile double kept[30];
  va_list list;
  va_start(list, count);
  for (int i = 0; i < 30; ++i) kept[i] = va_arg(list, int) + i;
  va_end(list);
  return kept[seed] + sum(5, seed, kept[1], 3, kept[2], 9);
}

int main(void) {
  return forward(30, seed, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29) == 1;
}
