#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

std::vector<int> constant() {
  std::vector<int> squares;
  for (int i = 0; i < 1000; ++i) squares.push_back(i * i);  // fires
  return squares;
}

std::vector<double> ranged(const std::vector<int>& values) {
  std::vector<double> halves;
  for (const int value : values) {
    halves.push_back(value / 2.0);  // fires
  }
  return halves;
}

std::vector<int> counted(unsigned count) {
  std::vector<int> numbers;
  for (unsigned i = 0; i < count; ++i) numbers.emplace_back(static_cast<int>(i));  // fires
  return numbers;
}

struct Table {
  std::vector<int> rows;
  std::map<int, int> index;
  std::vector<int> copied() const;
  std::vector<int> halves();
};
std::vector<int> Table::copied() const {
  std::vector<int> v;
  for (const int row : rows) v.push_back(row);  // fires
  return v;
}
std::vector<int> Table::halves() {
  std::vector<int> v;
  for (std::size_t i = 0; i != rows.size(); ++i) v.push_back(rows[i] / 2);  // fires
  return v;
}

std::vector<int> of_member(const Table& table, const Table* other) {
  std::vector<int> a;
  for (const int row : table.rows) a.push_back(row);  // fires
  std::vector<int> b;
  for (std::size_t i = 0; i < other->rows.size(); ++i) [[likely]] {
    b.push_back(other->rows[i]);  // fires
  }
  return a.size() > b.size() ? a : b;
}

std::vector<int> by_iterator(const Table& table) {
  std::vector<int> v;
  for (auto it = table.index.begin(); it != table.index.end(); ++it) v.push_back(it->second);  // fires
  return v;
}

std::string upper(const std::string& text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(c - 32);  // fires
  return result;
}

std::vector<int> named_size(const std::vector<int>& values) {
  std::vector<int> v;
  const int n = static_cast<int>(values.size());
  for (int i = 0; i < n; ++i) v.push_back(values[static_cast<std::size_t>(i)]);  // fires
  return v;
}

// What follows the loop looks at it, changes elements, drops some, hands all of it on: it grows no more.
bool odd(int value);
int looked_at(const std::vector<int>& values, std::vector<std::vector<int>>& rows) {
  std::vector<int> v;
  for (const int value : values) v.push_back(value);  // fires
  std::sort(v.begin(), v.end());
  v.erase(std::unique(v.begin(), v.end()), v.end());
  for (int& value : v) value *= 2;
  v[0] = 1;
  v.pop_back();
  const auto last = [&v] { return v.back(); };
  const std::vector<int> copy = v;
  const int total = last() + static_cast<int>(std::count_if(copy.cbegin(), copy.cend(), odd));
  rows.push_back(std::move(v));
  return total;
}
