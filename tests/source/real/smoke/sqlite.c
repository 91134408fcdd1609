// Exercises the parts of SQLite whose records `wasm-memlint fix` changes: sorter, window functions, percentiles, FTS3
// and FTS5 with many segments, blobs, foreign keys. Prints every row; what it prints must not depend on a record's
// layout.
#include <stdio.h>
#include <stdlib.h>

#include "sqlite3.h"

static int print_row(void* unused, int columns, char** values, char** names) {
  (void)unused;
  (void)names;
  for (int i = 0; i < columns; ++i) printf("%s%s", i == 0 ? "" : "|", values[i] ? values[i] : "NULL");
  printf("\n");
  return 0;
}

static void run(sqlite3* db, const char* sql) {
  char* message = NULL;
  printf("-- %s\n", sql);
  if (sqlite3_exec(db, sql, print_row, NULL, &message) != SQLITE_OK) {
    printf("error: %s\n", message);
    sqlite3_free(message);
  }
}

static const char* const kStatements[] = {
    "PRAGMA cache_size = 20",
    "CREATE TABLE blobs(data BLOB)",
    "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL)",
    "CREATE INDEX t_b ON t(b, a)",
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
    "INSERT INTO t SELECT i, (i * 7919) % 1009, printf('%08x-%d', i * 2654435761, i % 13), i / 7.0 FROM n",
    "SELECT count(*), sum(a), avg(c), group_concat(DISTINCT substr(b, 10)) FROM t",
    "SELECT substr(b, 1, 4) AS k, count(*) FROM t GROUP BY k ORDER BY count(*) DESC, k LIMIT 20",
    "SELECT id, b FROM t ORDER BY c * a % 97, b DESC LIMIT 15",
    "SELECT id, sum(a) OVER w, lag(a, 3) OVER w, ntile(4) OVER w FROM t WHERE id < 20 "
    "WINDOW w AS (PARTITION BY id % 3 ORDER BY c ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING EXCLUDE TIES)",
    "SELECT percentile(a, 50), percentile_cont(a, 0.9), percentile_disc(a, 0.1), median(c) FROM t",
    "UPDATE t SET a = a + 1, b = b || '!' WHERE id % 5 = 0",
    "DELETE FROM t WHERE id % 7 = 0",
    "SELECT count(*), sum(length(b)), max(a) FROM t",
    "SELECT json_extract('{\"a\":[1,2,{\"b\":\"x\"}]}', '$.a[2].b'), json_group_array(a) FROM (SELECT a FROM t LIMIT "
    "9)",
    "CREATE VIRTUAL TABLE f3 USING fts3(title, body)",
    "INSERT INTO f3 SELECT b, 'the quick ' || b || ' fox ' || a || ' jumps over lazy dog ' || (a % 17) FROM t",
    "SELECT count(*) FROM f3 WHERE f3 MATCH 'quick NEAR/2 fox'",
    "SELECT snippet(f3, '[', ']', '...'), offsets(f3) FROM f3 WHERE f3 MATCH 'lazy AND body:16' LIMIT 8",
    "SELECT snippet(f3, '[', ']', '...', -1, 4) FROM f3 WHERE f3 MATCH '\"quick 00* fox\" OR dog' LIMIT 5",
    "INSERT INTO f3(f3) VALUES('optimize')",
    "SELECT count(*) FROM f3 WHERE f3 MATCH 'fox 10*'",
    "CREATE VIRTUAL TABLE f5 USING fts5(title, body, prefix='2 3')",
    "INSERT INTO f5(f5, rank) VALUES('pgsz', 64)",
    "INSERT INTO f5(f5, rank) VALUES('automerge', 2)",
    "INSERT INTO f5 SELECT title, body FROM f3",
    "DELETE FROM f5 WHERE rowid % 4 = 1",
    "SELECT rowid, highlight(f5, 1, '<', '>') FROM f5 WHERE f5 MATCH 'qu* AND 12*' ORDER BY rank LIMIT 8",
    "SELECT rowid, bm25(f5) < 0 FROM f5('NEAR(quick fox, 5)') ORDER BY rowid DESC LIMIT 8",
    "INSERT INTO f5(f5) VALUES('merge')",
    "INSERT INTO f5(f5) VALUES('integrity-check')",
    "SELECT count(*) FROM f5('dog')",
    "CREATE VIRTUAL TABLE cl USING fts5(x, content='', contentless_delete=1)",
    "INSERT INTO cl(rowid, x) SELECT id, b FROM t",
    "DELETE FROM cl WHERE rowid % 2",
    "SELECT count(*) FROM cl('13*')",
    "CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, y0, y1)",
    "INSERT INTO r SELECT id, a, a + 5, c, c + 2 FROM t",
    "SELECT count(*), min(id) FROM r WHERE x0 > 100 AND x1 < 500 AND y0 < 300",
    "CREATE TABLE p(x PRIMARY KEY); CREATE TABLE k(y REFERENCES p(x) ON DELETE CASCADE)",
    "INSERT INTO p SELECT id FROM t; INSERT INTO k SELECT id FROM t; DELETE FROM p WHERE x < 1500",
    "SELECT count(*), min(y) FROM k",
    "ANALYZE",
    "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2",
    "PRAGMA integrity_check",
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
    "INSERT INTO blobs SELECT printf('%0200d', i * 7919 % 100003) FROM n ORDER BY 1",
    "SELECT count(*), min(data), max(data) FROM blobs",
    "VACUUM",
    "SELECT count(*) FROM t AS x JOIN t AS y ON x.a = y.a AND x.id < y.id",
};

static void read_blob(sqlite3* db) {
  sqlite3_blob* blob = NULL;
  char bytes[9] = {0};
  run(db, "DELETE FROM blobs; INSERT INTO blobs VALUES(zeroblob(100000))");
  if (sqlite3_blob_open(db, "main", "blobs", "data", sqlite3_last_insert_rowid(db), 1, &blob) != SQLITE_OK)
    printf("no blob\n");
  sqlite3_blob_write(blob, "12345678", 8, 70000);
  sqlite3_blob_read(blob, bytes, 8, 70000);
  printf("%d %s\n", sqlite3_blob_bytes(blob), bytes);
  sqlite3_blob_close(blob);
}

int main(void) {
  sqlite3* db = NULL;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) return 1;
  for (size_t i = 0; i < sizeof kStatements / sizeof *kStatements; ++i) run(db, kStatements[i]);
  read_blob(db);
  printf("%s\n", sqlite3_close(db) == SQLITE_OK ? "closed" : "not closed");
  return 0;
}
