#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
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

// Calls of code that is not seen, and writes through other references: both may change the original.
static int calls_back(std::vector<int> values, const std::function<void()>& callback) {
  callback();
  return values[0];
}
static int calls_pointer(std::vector<int> values, void (*callback)()) {
  callback();
  return values[0];
}
static int calls_other(std::vector<int> values, Base& base) { return base.longest({}) + values[0]; }
static int writes_other(std::string text, std::string& other) {
  other = "something longer than that";
  return text[0];
}
static int writes_element(std::vector<int> values, int& number) {
  number = 3;
  return values[0];
}
static int writes_member(std::vector<int> values, Route* route) {
  route->stops[0] = 3;
  return values[0];
}
static void helper(Route& route) { route.stops.clear(); }
static int writes_in_helper(std::vector<int> values, Route& route) {
  helper(route);
  return values[0];
}
static int sorts_other(std::vector<int> values, std::vector<int>& other) {
  std::sort(other.begin(), other.end());
  return values[0];
}
static int deletes(std::vector<int> values, Route* route) {
  delete route;
  return values[0];
}
struct Restore {
  ~Restore() { kept.clear(); }
};
static int destroys(std::vector<int> values) {
  { const Restore restore; }
  return values[0];
}
static int runs_callable(std::vector<int> values, const std::vector<int>& all, const std::function<bool(int)>& wanted) {
  return std::count_if(all.begin(), all.end(), wanted) > 0 ? values[0] : 0;
}
void more_calls(Route& route, const std::function<void()>& callback, void (*function)(), Base& base,
                const std::function<bool(int)>& wanted) {
  for (int i = 0; i < 2; ++i) {
    std::printf("%d %d %d", calls_back(route.stops, callback), calls_pointer(route.stops, function),
                calls_other(route.stops, base));
    std::printf("%d %d", writes_other(route.name, route.name), writes_element(route.stops, route.stops[0]));
    std::printf("%d %d %d", writes_member(route.stops, &route), writes_in_helper(route.stops, route),
                sorts_other(route.stops, route.stops));
    std::printf("%d %d", deletes(route.stops, new Route), destroys(kept[0]));
    std::printf("%d", runs_callable(route.stops, route.stops, wanted));
  }
}
struct Lock {
  Lock();
  ~Lock();
  void unlock();
};
int snapshot() {
  Lock lock;
  const auto stops = shared.stops;
  lock.unlock();
  return stops[0];
}
int in_loop(const Route& route, const std::function<void()>& callback) {
  const auto stops = route.stops;
  int total = 0;
  for (int i = 0; i < 3; ++i) {
    total += stops[0];
    callback();
  }
  return total;
}
int elements(const std::vector<std::string>& names, const std::function<void()>& callback) {
  int total = 0;
  for (const std::string name : names) {
    callback();
    total += name[0];
  }
  return total;
}
int inserted(std::map<std::string, std::vector<int>>& map) {
  const auto stops = map["central"];
  map.erase("central");
  return stops[0];
}
int assigned(Route& route, Route& other) {
  const auto stops = route.stops;
  route = other;
  return stops[0];
}
int through_arrow(Route& route) {
  const auto stops = route.stops;
  std::vector<int>* same = &route.stops;
  same->clear();
  return stops[0];
}
int through_capture(Route route) {
  const auto clear = [&route] { route.stops.clear(); };
  const auto stops = route.stops;
  clear();
  return stops[0];
}
int through_iterator(std::map<int, Route>& routes) {
  const auto first = routes.begin();
  const auto stops = first->second.stops;
  routes.erase(first);
  return stops[0];
}

// One short-lived string.
static int letters(std::string text) { return static_cast<int>(text.size()); }
int letters_of(const Route& route) {
  const int count = letters(route.name);
  return count + 1;
}
static int failed(std::string text) { return static_cast<int>(text.size()); }
int first_failure(const Route& route) { return failed(route.name); }
int second_failure(const Route& route) { return failed(route.name); }
struct Named {
  explicit Named(std::string text) : name(text) {}
  std::string name;
};

// Elements of the type that is written, or that have to be converted.
int pairs(const std::map<std::string, std::vector<int>>& map) {
  int total = 0;
  for (const std::pair<const std::string, std::vector<int>>& entry : map) total += entry.second[0];
  for (const auto& entry : map) total += entry.second[0];
  return total;
}
int literals(const std::vector<const char*>& names) {
  int total = 0;
  for (const std::string& name : names) total += static_cast<int>(name.size());
  return total;
}

// Moved, needed twice, or a member of its own type.
struct Keeper {
  explicit Keeper(std::vector<int> values) : kept(std::move(values)) {}
  Keeper(std::vector<int> values, int) : kept(values), first(values[0]) {}
  Keeper(const std::vector<int>& values, int, int) : kept(values) {}
  void many(std::vector<int> values) {
    for (int i = 0; i < 2; ++i) kept = values;
  }
  std::vector<int> kept;
  int first = 0;
};

// The result itself: nothing is copied.
std::vector<int> same_object() {
  const std::vector<int> values = made();
  return values;
}
const std::vector<int>& by_reference(const std::vector<int>& values) { return values; }

// Lambdas that outlive the statement, or whose original changes.
std::function<int()> kept_lambda(const std::vector<int>& values) {
  return [values] { return values[0]; };
}
int changes_meanwhile(std::vector<int> values) {
  const auto first = [values] { return values[0]; };
  values[0] = 2;
  return first();
}
int changes_its_copy(std::vector<int>& values) {
  return [values]() mutable {
    values.push_back(1);
    return values[0];
  }();
}
void handed_on(const std::vector<int>& values) {
  const auto get = [values] { return values[0]; };
  later = get;
}

// A reference would be one to nothing behind it.
unsigned taken_out(const std::vector<std::string>& all) {
  std::vector<std::string> left(all);
  unsigned total = 0;
  for (auto at = left.begin(); at != left.end();) {
    const std::string name = *at;
    total += static_cast<unsigned>(name.size());
    at = left.erase(at);
  }
  return total;
}
