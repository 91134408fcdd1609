// Two functions that call each other, one of them through a pointer.
static volatile unsigned depth = 21;
static unsigned odd(unsigned left);
static unsigned (*volatile next)(unsigned) = odd;

__attribute__((noinline)) static unsigned even(unsigned left) {
  volatile unsigned char local[100];
  local[left & 63] = 1;
  return left == 0 ? 0 : next(left - 1) + local[left & 63];
}

__attribute__((noinline)) static unsigned odd(unsigned left) {
  volatile unsigned char local[30];
  local[left & 15] = 2;
  return left == 0 ? 1 : even(left - 1) + local[left & 15];
}

int main(void) { return even(depth) == 12345; }
