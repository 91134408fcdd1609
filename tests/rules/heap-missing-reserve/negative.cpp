#include <algorithm>
#include <cstdlib>
#include <istream>
#include <iterator>
#include <string>
#include <utility>
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

// What is read may be wrong, and reserving it would hand the heap to it.
unsigned read_count();
void read_into(unsigned* count);
std::vector<int> from_input() {
  std::vector<int> v;
  const unsigned count = read_count();
  for (unsigned i = 0; i < count; ++i) v.push_back(next());
  return v;
}
std::vector<int> read_by_address() {
  std::vector<int> v;
  unsigned count = 0;
  read_into(&count);
  for (unsigned i = 0; i < count; ++i) v.push_back(next());
  return v;
}
std::vector<int> read_from_stream(std::istream& in) {
  std::vector<int> v;
  unsigned count = 0;
  in >> count;
  for (unsigned i = 0; i < count; ++i) v.push_back(next());
  return v;
}
// The bound grows while the loop runs.
struct Queue {
  std::vector<int> open;
  std::vector<int> drain() {
    std::vector<int> v;
    for (std::size_t i = 0; i < open.size(); ++i) {
      v.push_back(open[i]);
      if (wanted(open[i])) open.push_back(next());
    }
    return v;
  }
};
std::vector<int> skipping_iterator(const std::vector<int>& values) {
  std::vector<int> v;
  for (auto it = values.begin(); it != values.end(); ++it) {
    v.push_back(*it);
    ++it;
  }
  return v;
}
std::vector<int> from_second(const std::vector<int>& values) {
  std::vector<int> v;
  for (auto it = values.begin() + 1; it != values.end(); ++it) v.push_back(*it);
  return v;
}
// As long as a string that has no memory in the heap.
std::string short_text() {
  std::string text;
  for (int i = 0; i < 8; ++i) text.push_back('a');
  return text;
}
std::string words(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& word : all) text += word;
  return text;
}

// It goes on growing: one element more than was reserved doubles what is there.
void take(std::vector<int>& values);
void take_pointer(std::vector<int>* values);
std::vector<int> one_more(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  v.push_back(0);
  return v;
}
std::vector<int> descendants(const std::vector<int>& values) {
  std::vector<int> v;
  for (std::size_t i = 0; i < values.size(); ++i) v.push_back(values[i]);
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (wanted(v[i])) v.push_back(v[i] / 2);
  }
  return v;
}
std::vector<int> inserted(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  v.insert(v.end(), values.begin(), values.end());
  return v;
}
int given_away(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  take(v);
  return v[0];
}
int given_by_pointer(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  take_pointer(&v);
  return v[0];
}
int by_other_name(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  std::vector<int>& other = v;
  other.push_back(1);
  return v[0];
}
int in_lambda(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  const auto add = [&v](int value) { v.push_back(value); };
  add(1);
  return v[0];
}
int in_generic_lambda(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  const auto add = [&v](auto value) { v.push_back(value); };
  add(1);
  return v[0];
}
int by_iterator_of_insertion(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  std::copy(values.begin(), values.end(), std::back_inserter(v));
  return v[0];
}
void swapped(const std::vector<int>& values, std::vector<int>& other) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  v.swap(other);
}
int used_again(const std::vector<int>& values) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);
  v.clear();
  for (const int value : values) v.push_back(value / 2);
  return v[0];
}
std::string bracketed(const std::string& text) {
  std::string result;
  for (const char c : text) result += c;
  result += ']';
  return result;
}
std::string moved_and_added(const std::string& text) {
  std::string result;
  for (const char c : text) result += c;
  return std::move(result) + "]";
}
std::string assigned(const std::string& text) {
  std::string result;
  for (const char c : text) result += c;
  result = text + text;
  return result;
}
