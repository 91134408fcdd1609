// Exercises LevelDB: many writes with compactions, snapshots, iterators, recovery from the log, repair. Prints what it
// reads; that must not depend on a record's layout.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "leveldb/cache.h"
#include "leveldb/db.h"
#include "leveldb/env.h"
#include "leveldb/filter_policy.h"
#include "leveldb/table.h"
#include "leveldb/write_batch.h"

namespace {

unsigned seed = 1;
unsigned next_random() { return seed = seed * 1103515245U + 12345U; }

std::string key(unsigned number) {
  char text[32];
  std::snprintf(text, sizeof text, "key%08u", number);
  return text;
}

void check(const leveldb::Status& status, const char* what) {
  std::printf("%s: %s\n", what, status.ToString().c_str());
}

leveldb::Options options() {
  static const leveldb::FilterPolicy* const filter = leveldb::NewBloomFilterPolicy(10);
  static leveldb::Cache* const cache = leveldb::NewLRUCache(1 << 18);
  leveldb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 1 << 16;
  options.max_file_size = 1 << 20;
  options.filter_policy = filter;
  options.block_cache = cache;
  return options;
}

struct Printer : leveldb::WriteBatch::Handler {
  void Put(const leveldb::Slice& k, const leveldb::Slice& v) override {
    std::printf("put %s %zu\n", k.ToString().c_str(), v.size());
  }
  void Delete(const leveldb::Slice& k) override { std::printf("delete %s\n", k.ToString().c_str()); }
};

void print_all(leveldb::DB* db, const leveldb::ReadOptions& reading, const char* what) {
  leveldb::Iterator* it = db->NewIterator(reading);
  unsigned count = 0, sum = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next(), ++count)
    for (const char c : it->key().ToString() + it->value().ToString()) sum = sum * 31 + static_cast<unsigned char>(c);
  std::printf("%s: %u entries, %08x\n", what, count, sum);
  unsigned back = 0;
  for (it->SeekToLast(); it->Valid() && back < 5; it->Prev(), ++back)
    std::printf("  %s\n", it->key().ToString().c_str());
  delete it;
}

void write(leveldb::DB* db, unsigned rounds) {
  for (unsigned i = 0; i < rounds; ++i) {
    leveldb::WriteBatch batch;
    for (int j = 0; j < 10; ++j)
      batch.Put(key(next_random() % 5000),
                std::string(next_random() % 300, static_cast<char>('a' + next_random() % 26)));
    batch.Delete(key(next_random() % 5000));
    if (i == 0) {
      Printer printer;
      batch.Iterate(&printer);
    }
    if (!db->Write(leveldb::WriteOptions(), &batch).ok()) std::abort();
  }
}

}  // namespace

int main(int, char** argv) {
  const std::string folder = argv[1];
  leveldb::DB* db = nullptr;
  check(leveldb::DB::Open(options(), folder, &db), "open");
  write(db, 2000);
  const leveldb::Snapshot* snapshot = db->GetSnapshot();
  write(db, 2000);
  leveldb::ReadOptions old;
  old.snapshot = snapshot;
  print_all(db, old, "snapshot");
  print_all(db, leveldb::ReadOptions(), "now");
  db->ReleaseSnapshot(snapshot);
  const leveldb::Slice begin("key00001000"), end("key00003000");
  db->CompactRange(&begin, &end);
  print_all(db, leveldb::ReadOptions(), "compacted");
  std::string value;
  check(db->Get(leveldb::ReadOptions(), key(17), &value), "get");
  check(db->Get(leveldb::ReadOptions(), "nothing", &value), "get nothing");
  delete db;
  check(leveldb::DB::Open(options(), folder, &db), "open again");
  print_all(db, leveldb::ReadOptions(), "recovered");
  delete db;
  check(leveldb::RepairDB(folder, options()), "repair");
  check(leveldb::DB::Open(options(), folder, &db), "open repaired");
  print_all(db, leveldb::ReadOptions(), "repaired");
  delete db;
  check(leveldb::DestroyDB(folder, options()), "destroy");
  return 0;
}
