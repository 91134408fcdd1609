#include <memory>
#include <vector>

int with_new_array(const int* values, unsigned count) {
  int histogram[16] = {};
  for (unsigned i = 0; i < count; ++i) ++histogram[values[i] & 15];
  const int most = histogram[count & 15];
  return most;
}

int with_unique_array(const unsigned char* bytes, unsigned count) {
  unsigned char seen[256] = {};
  for (unsigned i = 0; i < count; ++i) seen[bytes[i]] = 1;
  return seen[bytes[count] ^ 1];
}

int with_vector(const unsigned char* bytes, unsigned count) {
  unsigned short last[128] = {};
  for (unsigned i = 0; i < count; ++i) last[bytes[i] & 127] = static_cast<unsigned short>(i);
  return last[count & 127];
}
