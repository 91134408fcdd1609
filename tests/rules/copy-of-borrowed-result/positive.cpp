#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class Sensor {
public:
  std::string name() const { return name_; }
  std::vector<int> values() const { return values_; }
  std::vector<int> made() const { return std::vector<int>(values_); }
  std::vector<int> latest(int count) const { return {values_.end() - count, values_.end()}; }
  std::string title(bool full) const { return full ? name_ : short_name_; }

private:
  std::string name_;
  std::string short_name_;
  std::vector<int> values_;
};

int last(const Sensor& sensor) {
  const auto values = sensor.values();  // fires
  return values.empty() ? 0 : values.back();
}

int letters(const Sensor& sensor, int rounds) {
  int total = 0;
  for (int i = 0; i < rounds; ++i) {
    std::string name = sensor.name();  // fires
    total += static_cast<int>(name.size());
  }
  return total;
}

static std::vector<unsigned char> process_data(const std::vector<unsigned char>& input) {
  std::vector<unsigned char> output;
  for (const unsigned char byte : input) output.push_back(byte);
  return output;
}

static std::vector<unsigned char> payload(const std::vector<unsigned char>& packet) {
  return std::vector<unsigned char>(packet.begin() + 4, packet.end());
}

unsigned total(const std::vector<unsigned char>& packet) {
  const std::vector<unsigned char> data = process_data(packet);  // fires
  auto body = payload(packet);  // fires
  unsigned sum = 0;
  for (const unsigned char byte : body) sum += byte + data[0];
  return sum;
}

int by_pointer(const Sensor* sensor) {
  const auto values = sensor->values();  // fires
  return values[0];
}

int by_owner(const std::unique_ptr<Sensor>& sensor) {
  const auto& values = sensor->made();  // fires
  return values[0];
}

int walked(const Sensor& sensor) {
  int total = 0;
  for (const auto value : sensor.values()) total += value;  // fires
  return total;
}

int other_getters(const Sensor& sensor) {
  const auto some = sensor.latest(3);  // fires
  const std::string title = sensor.title(some.empty());  // fires
  return some[0] + static_cast<int>(title.size());
}

// Own, so that no callback reaches it.
int of_local(const std::function<void()>& callback) {
  const Sensor sensor;
  const auto values = sensor.values();  // fires
  callback();
  return values.empty() ? 0 : values[0];
}

static std::vector<unsigned char> piece(const unsigned char* bytes, std::size_t count) {
  return std::vector<unsigned char>(bytes, bytes + count);
}

unsigned head_sum(const unsigned char* bytes, std::size_t count) {
  const auto head = piece(bytes, count / 2);  // fires
  unsigned sum = 0;
  for (const unsigned char byte : head) sum += byte;
  return sum;
}
