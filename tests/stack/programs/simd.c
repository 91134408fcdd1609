// flags: -msimd128
// Vectors in the frame.
#include <wasm_simd128.h>

static volatile int seed = 3;

__attribute__((noinline)) static v128_t mix(const v128_t *values, int count) {
  v128_t sum = wasm_i32x4_splat(seed);
  for (int i = 0; i < count; ++i) sum = wasm_i32x4_add(sum, wasm_v128_xor(values[i], wasm_i32x4_splat(i)));
  return sum;
}

__attribute__((noinline)) static int spread(int value) {
  v128_t values[24];
  for (int i = 0; i < 24; ++i) values[i] = wasm_i32x4_make(value, i, value + i, 1);
  return wasm_i32x4_extract_lane(mix(values, 24), 2);
}

__attribute__((noinline)) static int lanes(int value) {
  volatile float kept[16];
  v128_t vector = wasm_f32x4_splat((float)value);
  for (int i = 0; i < 4; ++i) wasm_v128_store((void *)(kept + 4 * i), wasm_f32x4_mul(vector, wasm_f32x4_splat((float)i)));
  return (int)kept[value & 15];
}

int main(void) { return spread(seed) + lanes(seed) == 1; }
