#include <cstddef>
#include <string>
#include <vector>

class Sensor {
public:
  std::string name() const { return name_; }
  std::vector<int> values() const { return values_; }

private:
  std::string name_;
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
