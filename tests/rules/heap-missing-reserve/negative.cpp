#include <cstdlib>
#include <vector>

bool wanted(int value);
int next();
std::vector<int> source();
template <class T>
struct Arena {
  using value_type = T;
  T* allocate(std::size_t);
  void deallocate(T*, std::size_t);
  bool operator==(const Arena&) const { return true; }
};

std::vector<int> reserved(unsigned count) {
  std::vector<int> v;
  v.reserve(count);
  for (unsigned i = 0; i < count; ++i) v.push_back(next());
  return v;
}
std::vector<int> filtered(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) {
    if (wanted(value)) v.push_back(value);
  }
  return v;
}
std::vector<int> skipping(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) {
    if (!wanted(value)) continue;
    v.push_back(value);
  }
  return v;
}
std::vector<int> stopping(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) {
    if (value == 0) break;
    v.push_back(value);
  }
  return v;
}
std::vector<int> returning(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) {
    if (value == 0) return v;
    v.push_back(value);
  }
  return v;
}
// A negative count would become a huge one.
std::vector<int> signed_count(int count) {
  std::vector<int> v;
  for (int i = 0; i < count; ++i) v.push_back(next());
  return v;
}
std::vector<int> moving_bound(unsigned count) {
  std::vector<int> v;
  for (unsigned i = 0; i < count; ++i) {
    v.push_back(next());
    count -= 2;
  }
  return v;
}
std::vector<int> moving_index(unsigned count) {
  std::vector<int> v;
  for (unsigned i = 0; i < count; ++i) {
    v.push_back(next());
    i += 3;
  }
  return v;
}
std::vector<int> unknown(int* p) {
  std::vector<int> v;
  while (*p != 0) v.push_back(*p++);
  return v;
}
std::vector<int> from_call() {
  std::vector<int> v;
  for (const int value : source()) v.push_back(value);
  return v;
}
std::vector<int> not_empty(const std::vector<int>& values) {
  std::vector<int> v{1, 2, 3};
  for (const int value : values) v.push_back(value);
  return v;
}
std::vector<int> used_before(const std::vector<int>& values) {
  std::vector<int> v;
  v.push_back(1);
  for (const int value : values) v.push_back(value);
  return v;
}
std::vector<int> also_used(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) {
    v.push_back(value);
    if (v.size() > 100) v.clear();
  }
  return v;
}
// Four elements do not double far.
std::vector<int> few() {
  std::vector<int> v;
  for (int i = 0; i < 5; ++i) v.push_back(i);
  return v;
}
// Bits are no elements.
std::vector<bool> bits(unsigned count) {
  std::vector<bool> v;
  for (unsigned i = 0; i < count; ++i) v.push_back(true);
  return v;
}
std::vector<int, Arena<int>> own_allocator(unsigned count) {
  std::vector<int, Arena<int>> v;
  for (unsigned i = 0; i < count; ++i) v.push_back(next());
  return v;
}
std::vector<int> nested(const std::vector<std::vector<int>>& rows) {
  std::vector<int> v;
  for (const auto& row : rows) {
    for (const int value : row) v.push_back(value);
  }
  return v;
}
template <class T>
std::vector<T> in_template(const std::vector<T>& values) {
  std::vector<T> v;
  for (const T& value : values) v.push_back(value);
  return v;
}
template std::vector<int> in_template<int>(const std::vector<int>&);
