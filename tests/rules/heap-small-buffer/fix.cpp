#include <memory>
#include <vector>

int with_new_array(const int* values, unsigned count) {
  int* histogram = new int[16]();
  for (unsigned i = 0; i < count; ++i) ++histogram[values[i] & 15];
  const int most = histogram[count & 15];
  delete[] histogram;  // not needed any more
  return most;
}

int with_unique_array(const unsigned char* bytes, unsigned count) {
  auto seen = std::make_unique<unsigned char[]>(256);
  for (unsigned i = 0; i < count; ++i) seen[bytes[i]] = 1;
  return seen[bytes[count] ^ 1];
}

int with_vector(const unsigned char* bytes, unsigned count) {
  std::vector<unsigned short> last(128);
  for (unsigned i = 0; i < count; ++i) last[bytes[i] & 127] = static_cast<unsigned short>(i);
  return last[count & 127];
}
