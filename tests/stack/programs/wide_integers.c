// Arithmetic on 128 bits, whose results the library writes to the caller's frame.
static volatile long long seed = 1234567890123;

__attribute__((noinline)) static __int128 mix(__int128 left, __int128 right) {
  __int128 product = left * right + (left << (int)(seed & 63));
  return product * (right + 3) - (product >> 5) * (left + 7);
}

int main(void) {
  __int128 sum = 0;
  for (int i = 0; i < 5; ++i) sum += mix(seed + i, (__int128)seed << i);
  return (long long)sum == 1;
}
