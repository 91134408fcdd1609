#include <cstdio>
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

int use(const Route& route) { return longest(route.stops); }

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
