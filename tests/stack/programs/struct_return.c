// Structs passed and returned by pointer, and copies of them.
#include <string.h>

typedef struct {
  char text[300];
  int length;
} Line;

static volatile int seed = 4;

__attribute__((noinline)) static Line make(int value) {
  Line line;
  memset(line.text, 'a' + value, sizeof line.text);
  line.length = value;
  return line;
}

__attribute__((noinline)) static int total(Line first, Line second) { return first.length + second.length + first.text[5]; }

int main(void) {
  Line lines[3] = {make(seed), make(seed + 1), make(seed + 2)};
  Line copy = lines[1];
  return total(lines[0], copy) + total(lines[2], make(0)) == 1;
}
