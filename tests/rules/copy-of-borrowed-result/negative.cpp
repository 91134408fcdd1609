#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct Mutex {};
struct Lock {
  explicit Lock(Mutex&);
  ~Lock();
};

class Sensor {
public:
  virtual ~Sensor() = default;
  virtual std::vector<int> overridable() const { return values_; }
  std::vector<int> values() const { return values_; }
  std::vector<int> sorted() const;
  std::vector<int> take() { return std::move(values_); }
  std::vector<int> copy_values() const { return values_; }
  std::vector<int> locked() const {
    Lock lock(mutex_);
    return values_;
  }
  std::vector<int> cached() const { return cache_; }
  const std::vector<int>& reference() const { return values_; }
  int count() const { return static_cast<int>(values_.size()); }
  void add(int value) { values_.push_back(value); }

private:
  mutable Mutex mutex_;
  mutable std::vector<int> cache_;
  std::vector<int> values_;
};

Sensor make();
std::function<int()> later;
std::vector<std::vector<int>> kept;

int virtual_getter(const Sensor& sensor) {
  const auto values = sensor.overridable();
  return values[0];
}
int unseen(const Sensor& sensor) {
  const auto values = sensor.sorted();
  return values[0];
}
int taken(Sensor& sensor) {
  const auto values = sensor.take();
  return values[0];
}
int asked_for(const Sensor& sensor) {
  const auto values = sensor.copy_values();
  return values[0];
}
int under_lock(const Sensor& sensor) {
  const auto values = sensor.locked();
  return values[0];
}
int mutable_member(const Sensor& sensor) {
  const auto values = sensor.cached();
  return values[0];
}
int of_temporary() {
  const auto values = make().values();
  return values[0];
}
int changed_later(const Sensor& sensor, Sensor& same) {
  const auto values = sensor.values();
  same.add(1);
  return values[0];
}
struct Observer {
  virtual void go();
  virtual ~Observer() = default;
};
int calls_back(const Sensor& sensor, const std::function<void()>& callback) {
  const auto values = sensor.values();
  callback();
  return values[0];
}
int calls_pointer(const Sensor& sensor, void (*callback)()) {
  const auto values = sensor.values();
  callback();
  return values[0];
}
int calls_observer(const Sensor& sensor, Observer& observer) {
  const auto values = sensor.values();
  observer.go();
  return values[0];
}
int reset_meanwhile(std::unique_ptr<Sensor>& sensor) {
  const auto values = sensor->values();
  sensor.reset();
  return values[0];
}
int walked_while_changed(const Sensor& sensor, Sensor& same) {
  int total = 0;
  for (const int value : sensor.values()) {
    same.add(value);
    ++total;
  }
  return total;
}
static std::vector<unsigned char> piece(const unsigned char* bytes, unsigned count) {
  return std::vector<unsigned char>(bytes, bytes + count);
}
int refilled() {
  unsigned char bytes[8] = {};
  const auto first = piece(bytes, 4);
  bytes[0] = 1;
  return first[0];
}
int changed(const Sensor& sensor) {
  auto values = sensor.values();
  values.push_back(1);
  return values[0];
}
std::vector<int> passed_on(const Sensor& sensor) {
  auto values = sensor.values();
  return values;
}
void stored(const Sensor& sensor) {
  auto values = sensor.values();
  kept.push_back(std::move(values));
}
void captured(const Sensor& sensor) {
  auto values = sensor.values();
  later = [values] { return values[0]; };
}
int only_number(const Sensor& sensor) {
  const auto count = sensor.count();
  return count;
}

static std::vector<int> doubled(const std::vector<int>& input) {
  std::vector<int> output;
  for (const int value : input) output.push_back(value * 2);
  return output;
}
static std::vector<int> filtered(const std::vector<int>& input) {
  std::vector<int> output;
  for (const int value : input) {
    if (value > 0) output.push_back(value);
  }
  return output;
}
static std::vector<long> widened(const std::vector<int>& input) { return std::vector<long>(input.begin(), input.end()); }
static std::vector<int> same(const std::vector<int>& input) { return input; }
static std::vector<int> by_value(std::vector<int> input) { return input; }
int results(const std::vector<int>& input) {
  const auto a = doubled(input);
  const auto b = filtered(input);
  const auto c = widened(input);
  const auto e = by_value(input);
  const auto f = same(std::vector<int>{1, 2, 3});
  return a[0] + b[0] + static_cast<int>(c[0]) + e[0] + f[0];
}
int argument_changed(const std::vector<int>& input, std::vector<int>& other) {
  const auto before = same(input);
  other.push_back(1);
  return before[0];
}
