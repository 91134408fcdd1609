#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct Route {
  std::string name;
  std::vector<int> stops;
  const std::vector<int>& all() const { return stops; }
};

static int longest(std::vector<int> values) {  // fires
  int best = 0;
  for (const int value : values) best = value > best ? value : best;
  return best;
}

// What happens behind the last use does not matter.
static int first_of(std::vector<int> values, const std::function<void()>& done) {  // fires
  const int first = values[0];
  done();
  return first;
}

static int letters(std::string text) {  // fires
  int total = 0;
  for (const char letter : text) total += letter == 'a';
  return total;
}

static int words(std::string text) {  // fires
  return static_cast<int>(text.size());
}

int use(const Route& route, const std::vector<std::string>& names, const std::function<void()>& done) {
  int total = longest(route.stops) + first_of(route.stops, done) + words(names[0]);
  for (const std::string& name : names) total += letters(name);
  return total;
}
int use(const std::string& text) {
  const int count = words(text);
  return count;
}

int names(const std::vector<Route>& routes) {
  int total = 0;
  for (const auto route : routes) total += static_cast<int>(route.name.size());  // fires
  return total;
}

int first(const Route& route) {
  const std::vector<int> stops = route.all();  // fires
  return stops[0];
}

int lengths(const Route* routes, int count) {
  int total = 0;
  for (int i = 0; i < count; ++i) {
    const Route& route = routes[i];
    auto name = route.name;  // fires
    total += static_cast<int>(name.length());
  }
  return total;
}

int entries(const std::map<std::string, std::vector<int>>& map) {
  int total = 0;
  for (const std::pair<std::string, std::vector<int>>& entry : map) {  // fires
    total += entry.second[0];
  }
  return total;
}

int entry(std::map<std::string, std::vector<int>>& map) {
  auto stops = map["central"];  // fires
  return stops[0];
}

int member(Route& route, Route* other) {
  const auto stops = route.stops;  // fires
  auto more = other->stops;  // fires
  return stops[0] + more[0];
}

// Writes to what is no route, and no number in the heap.
int counted(const Route& route, int& counter) {
  const std::string name = route.name;  // fires
  ++counter;
  return static_cast<int>(name.size());
}

struct Hold {
  explicit Hold(std::vector<int> values);
  void set(std::vector<int> values);
  std::vector<int> kept;
};
Hold::Hold(std::vector<int> values) : kept(values) {}  // fires
void Hold::set(std::vector<int> values) { kept = values; }  // fires

std::vector<int> made();
std::vector<int> either(bool first) {
  const std::vector<int> one = made();
  const std::vector<int> two = made();
  if (first) return one;  // fires
  return two;  // fires
}
std::optional<std::vector<int>> perhaps() {
  const std::vector<int> values = made();
  return values;  // fires
}

int counting(const std::vector<int>& wanted, const std::vector<int>& values) {
  return static_cast<int>(
      std::count_if(values.begin(), values.end(), [wanted](int value) { return value == wanted[0]; }));  // fires
}
int at_once(const std::vector<int>& values) {
  return [values] { return values[0]; }();  // fires
}
int by_name(const std::vector<int>& values) {
  const auto get = [=](std::size_t at) { return values[at]; };  // fires
  return get(0) + get(1);
}
