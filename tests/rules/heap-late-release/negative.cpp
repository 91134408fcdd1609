#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

const unsigned char* remembered;
void remember(const unsigned char* bytes);

int released_early(std::FILE* file, unsigned at) {
  unsigned char* raw = static_cast<unsigned char*>(std::malloc(20000));
  std::fread(raw, 1, 20000, file);
  const int first = raw[at];
  std::free(raw);
  short* wide = static_cast<short*>(std::malloc(40000));
  std::fread(wide, 2, 20000, file);
  const int total = first + wide[at];
  std::free(wide);
  return total;
}
int reset_early(std::FILE* file, unsigned at) {
  auto raw = std::make_unique<unsigned char[]>(20000);
  std::fread(raw.get(), 1, 20000, file);
  const int first = raw[at];
  raw.reset();
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  return first + wide[at];
}
int used_later(std::FILE* file, unsigned at) {
  auto raw = std::make_unique<unsigned char[]>(20000);
  std::fread(raw.get(), 1, 20000, file);
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  return raw[at] + wide[at];
}
int used_through_pointer(std::FILE* file, unsigned at) {
  auto raw = std::make_unique<unsigned char[]>(20000);
  std::fread(raw.get(), 1, 20000, file);
  const unsigned char* where = raw.get() + at;
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  return *where + wide[at];
}
int used_through_span(std::FILE* file, unsigned at) {
  std::vector<unsigned char> raw(20000);
  std::fread(raw.data(), 1, 20000, file);
  std::span<unsigned char> view(raw);
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  return view[at] + wide[at];
}
int used_through_memory(std::FILE* file, unsigned at) {
  auto raw = std::make_unique<unsigned char[]>(20000);
  std::fread(raw.get(), 1, 20000, file);
  remember(raw.get());
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  return remembered[at] + wide[at];
}
int small_later(std::FILE* file, unsigned at) {
  auto raw = std::make_unique<unsigned char[]>(20000);
  std::fread(raw.get(), 1, 20000, file);
  const int first = raw[at];
  std::vector<short> few(20);
  std::fread(few.data(), 2, 20, file);
  return first + few[at];
}
int jumps_back(std::FILE* file, unsigned at) {
  auto raw = std::make_unique<unsigned char[]>(20000);
  int total = 0;
again:
  std::fread(raw.get(), 1, 20000, file);
  total += raw[at];
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  total += wide[at];
  if (total < 100) goto again;
  return total;
}
int own_scope(std::FILE* file, unsigned at) {
  int first = 0;
  {
    std::vector<unsigned char> raw(20000);
    std::fread(raw.data(), 1, 20000, file);
    first = raw[at];
  }
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  return first + wide[at];
}
