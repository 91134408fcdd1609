#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct Plain {
  int numbers[8];
};
struct Route {
  std::string name;
  std::vector<int> stops;
  const std::vector<int>& all() const { return stops; }
  void add(int stop) { stops.push_back(stop); }
};
std::vector<std::vector<int>> kept;
std::function<int()> later;
Route shared;
std::vector<int> made();
const std::vector<int>& somewhere();
void change(Route& route);

// The copy is what is wanted.
static void stored(std::vector<int> values) { kept.push_back(std::move(values)); }
static int changed(std::vector<int> values) {
  values.push_back(1);
  return values.back();
}
static void captured(std::vector<int> values) {
  later = [values] { return values[0]; };
}
static std::vector<int> returned(std::vector<int> values) { return values; }
static int by_rvalue(std::vector<int> values) { return values[0]; }
static int as_callback(std::vector<int> values) { return values[0]; }
static int small(Plain plain) { return plain.numbers[1]; }
static int shared_pointer(std::shared_ptr<int> pointer) { return *pointer; }
static int view(std::string_view text) { return text[0]; }
int (*callback)(std::vector<int>) = as_callback;
void calls(const std::vector<int>& values, const Plain& plain, const std::shared_ptr<int>& pointer, std::string_view text) {
  stored(values);
  captured(values);
  std::printf("%d %d", changed(values), returned(values)[0]);
  std::printf("%d %d", by_rvalue(made()), as_callback(values));
  std::printf("%d %d %d", small(plain), shared_pointer(pointer), view(text));
}
struct Base {
  virtual int longest(std::vector<int> values) { return values[0]; }
  virtual ~Base() = default;
};
int virtual_call(Base& base, const std::vector<int>& values) { return base.longest(values); }

// The original changes while the copy is looked at.
int changed_after(Route route) {
  const std::vector<int> before = route.all();
  route.add(1);
  return before[0];
}
int changed_through_alias(const Route& route, Route& other) {
  const std::vector<int> before = route.all();
  other.add(1);
  return before[0];
}
int changed_by_function(const Route& route, Route& other) {
  const std::vector<int> before = route.all();
  change(other);
  return before[0];
}
int changed_in_loop(std::vector<std::string> names) {
  int total = 0;
  for (const std::string name : names) {
    names[0] = "something longer than that";
    total += static_cast<int>(name.size());
  }
  return total;
}
int of_global() {
  const std::vector<int> before = shared.all();
  change(shared);
  return before[0];
}
int from_function() {
  const std::vector<int> before = somewhere();
  return before[0];
}

// Not only read.
int sorted(const Route& route) {
  std::vector<int> stops = route.all();
  stops[0] = 3;
  return stops[0];
}
std::vector<int> given(const Route& route) {
  std::vector<int> stops = route.all();
  return stops;
}
void taken(const Route& route) {
  std::vector<int> stops = route.all();
  kept.push_back(std::move(stops));
}
int by_pointer(const Route& route) {
  std::vector<int> stops = route.all();
  int* first = stops.data();
  *first = 1;
  return *first;
}
int by_iterator(const Route& route) {
  std::vector<int> stops = route.all();
  auto at = stops.begin();
  return *at;
}
int reference_kept(const Route& route) {
  std::vector<int> stops = route.all();
  int& first = stops[0];
  first = 2;
  return first;
}
// No copy.
int moved() {
  std::vector<int> values = made();
  return values[0];
}
int referenced(const std::vector<Route>& routes) {
  int total = 0;
  for (const auto& route : routes) total += static_cast<int>(route.name.size());
  return total;
}
int numbers(const std::vector<Plain>& plains) {
  int total = 0;
  for (const auto plain : plains) total += plain.numbers[0];
  return total;
}
