// printf with its own large frames; its recursion, if any, is in the library.
#include <stdio.h>

int main(void) {
  char text[100];
  snprintf(text, sizeof text, "%d %s %f", 42, "words", 2.5);
  printf("%s %5.2f %x\n", text, 1.25, 255);
  return 0;
}
