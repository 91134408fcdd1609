// Found through every door: at the record's name, once, with the fields in their best order as the fix.
namespace sensors {

struct Reading {
  bool valid;  // of the last poll
  double value;
  bool urgent;
};

class Plain {
public:
  double value = 0;
  bool valid = false;
};

Reading readings[100];

double sum() {
  double all = 0;
  for (const Reading& reading : readings) all += reading.valid ? reading.value : 0;
  return all;
}

}  // namespace sensors
