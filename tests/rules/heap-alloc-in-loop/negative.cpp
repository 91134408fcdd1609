#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <iomanip>
#include <list>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

std::vector<std::vector<int>> rows;
std::vector<std::function<int()>> later;
void fill(std::vector<int>& values);
std::vector<int> made(int i);

void kept_by_move(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row;
    row.push_back(static_cast<int>(i));
    rows.push_back(std::move(row));
  }
}
void kept_by_lambda(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row(count);
    later.push_back([row] { return row[0]; });
  }
}
void perhaps_taken(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row(count);
    fill(row);
  }
}
// The memory is another function's.
int result(unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    const std::vector<int> row = made(static_cast<int>(i));
    total += row[i];
  }
  return total;
}
// It stays in the small buffer, or may do so.
int small_strings(unsigned count, const char* text) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::string name(10, 'x');
    name[i % 10] = text[i];
    std::string other(text);
    total += name[i % 7] + other[0];
  }
  return total;
}
// It mostly stays empty.
int rare(const int* values, unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> bad;
    if (values[i] < 0) bad.push_back(values[i]);
    total += static_cast<int>(bad.size());
  }
  return total;
}
// No second iteration.
int once(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row(count);
    row[i] = 1;
    return row[count - 1];
  }
  return 0;
}
int not_a_loop(unsigned count) {
  int value = 0;
  do {
    std::vector<int> row(count);
    row[count / 2] = 1;
    value = row[count - 1];
  } while (false);
  return value;
}
// A lambda is a function of its own, run elsewhere.
void in_lambda(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    later.push_back([i] {
      std::vector<int> row(i);
      row[i / 2] = 1;
      return row[i / 3];
    });
  }
}
// In front of the loop, reused.
int reused(const int* values, unsigned count) {
  int total = 0;
  std::vector<int> kept;
  for (unsigned row = 0; row < count; ++row) {
    kept.clear();
    for (unsigned i = 0; i < row; ++i) kept.push_back(values[i]);
    total += kept[row / 2];
  }
  return total;
}
void kept_by_pointer(unsigned count, char** out) {
  for (unsigned i = 0; i < count; ++i) {
    char* block = static_cast<char*>(std::malloc(4096));
    out[i] = block;
    if (i == 3) std::free(block);
  }
}
void keep(char* block);
void perhaps_kept(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    char* block = static_cast<char*>(std::malloc(4096));
    keep(block);
    if (i % 2 == 0) std::free(block);
  }
}
// LLVM removes it: nothing of it is read at a place that it cannot tell.
int removed(unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    int* slot = static_cast<int*>(std::malloc(1000));
    *slot = static_cast<int>(i);
    total += *slot;
    std::free(slot);
  }
  return total;
}

// clear() gives the memory of each element back: nothing is kept by making them before the loop.
int nodes(const int* values, unsigned count, unsigned width) {
  int total = 0;
  for (unsigned row = 0; row < count; ++row) {
    std::map<int, int> map;
    std::set<int> set;
    std::list<int> list;
    std::unordered_map<int, int> table;
    for (unsigned i = 0; i < width; ++i) {
      map[values[i]] = 1;
      set.insert(values[i]);
      list.push_back(values[i]);
      table[values[i]] = 2;
    }
    total += static_cast<int>(map.size() + set.size() + list.size() + table.size());
  }
  return total;
}

std::vector<std::deque<int>> queues;
void take(std::deque<int>& values);
void deque_is_moved(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> row;
    row.push_back(static_cast<int>(i));
    queues.push_back(std::move(row));
  }
}
void deque_is_swapped(unsigned count, std::deque<int>& other) {
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> row;
    row.push_back(static_cast<int>(i));
    row.swap(other);
  }
}
void deque_is_given(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> row;
    row.push_back(static_cast<int>(i));
    take(row);
  }
}
void deque_is_captured(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> row;
    row.push_back(static_cast<int>(i));
    later.push_back([row] { return row[0]; });
  }
}
int deque_is_rare(const int* values, unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> bad;
    if (values[i] < 0) bad.push_back(values[i]);
    total += static_cast<int>(bad.size());
  }
  return total;
}

void label(const std::string& text);
void print(std::ostream& out, int value);
struct Point {
  int x, y;
};
std::ostream& operator<<(std::ostream& out, const Point& point);
// Flags that an iteration sets would stay for the next one.
void flags(unsigned count, const Point& point) {
  for (unsigned i = 0; i < count; ++i) {
    std::ostringstream text;
    text << "a text that is long enough " << i << " " << std::hex << i;
    label(text.str());
    std::ostringstream wide;
    wide << "a text that is long enough " << std::setw(10) << std::setfill('0') << i;
    label(wide.str());
    std::ostringstream fixed;
    fixed.precision(3);
    fixed << "a text that is long enough " << i;
    label(fixed.str());
    std::ostringstream passed;
    passed << "a text that is long enough ";
    print(passed, 3);
    label(passed.str());
    std::ostringstream object;
    object << "a text that is long enough " << point;
    label(object.str());
  }
}
// Short texts stay in the string of the stream; some are written in few iterations.
void short_texts(unsigned count, const std::string& name) {
  for (unsigned i = 0; i < count; ++i) {
    std::ostringstream text;
    text << i << name;
    label(text.str());
    std::ostringstream rare;
    if (i % 10 == 0) rare << "a text that is long enough " << i;
    label(rare.str());
  }
}
void read_again(unsigned count, const std::string& name) {
  for (unsigned i = 0; i < count; ++i) {
    std::stringstream text;
    text << "a text that is long enough " << i;
    int value = 0;
    text >> value;
    std::ostringstream started(name);
    started << "a text that is long enough " << value;
    label(started.str());
  }
}
void one_stream(unsigned count) {
  std::ostringstream text;
  for (unsigned i = 0; i < count; ++i) text << "a text that is long enough " << i;
  label(text.str());
}

// Appended to; in front; another string; of this iteration only; too short for the heap.
std::string appended(const std::vector<std::string>& words) {
  std::string all, other, front;
  for (const std::string& word : words) {
    all += word;
    front = word + front;
    other = all + word;
    std::string own = word;
    own = own + "!";
    label(own);
  }
  return all + other + front;
}
std::string few_characters() {
  std::string text;
  for (int i = 0; i < 8; ++i) text = text + 'a';
  return text;
}
std::string outside_of_loops(std::string text) {
  text = text + "b";
  return text;
}
struct Rope {
  Rope operator+(const Rope& other) const;
  char* text;
};
Rope own_operator(const std::vector<Rope>& parts) {
  Rope all{nullptr};
  for (const Rope& part : parts) all = all + part;
  return all;
}

// As a rule the messages of errors, which end the loop.
void error(const std::string& text);
void messages_in_a_loop(unsigned count, const std::vector<int>& values) {
  for (unsigned i = 0; i < count; ++i) {
    if (values[i] < 0) {
      std::ostringstream text;
      text << "this value is negative: " << values[i];
      error(text.str());
    }
    if (values[i] < 100) continue;
    std::ostringstream text;
    text << "this value is too large: " << values[i];
    error(text.str());
  }
}
