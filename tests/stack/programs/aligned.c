// Locals that are aligned to more than the stack is: the pointer is masked.
static volatile unsigned seed = 5;

__attribute__((noinline)) static unsigned aligned64(unsigned value) {
  _Alignas(64) volatile unsigned char local[100];
  for (unsigned i = 0; i < sizeof local; ++i) local[i] = (unsigned char)(value + i);
  return local[value & 63];
}

__attribute__((noinline)) static unsigned aligned256(unsigned value) {
  _Alignas(256) volatile unsigned char local[300];
  for (unsigned i = 0; i < sizeof local; ++i) local[i] = (unsigned char)(value * i);
  return local[value & 127] + aligned64(value);
}

__attribute__((noinline)) static unsigned shifted(unsigned value) {
  volatile unsigned char odd[20];
  odd[value & 15] = 1;
  return odd[value & 15] + aligned256(value);
}

int main(void) { return aligned64(seed) + aligned256(seed) + shifted(seed) == 1; }
