#!/usr/bin/env python3
"""`wasm-memlint fix` and the initialisers of what it reorders: which records stay as they are, and for which reason; and that the
programs that are edited print what they printed before."""

import subprocess
import unittest

import running
from project import EVERY_OBJECT, Project
from test_fix import dedent, hazard_text

TOOL = None

# Records with a gap, as most of the programs below have them.
P = """
        struct P {
          bool a;
          double d;
          bool b;
        };"""
CELL = """
        struct Cell {
          unsigned char kind;
          int weight;
          char tag;
        };"""

# Programs that stay as they are, by what they show, and the hazard that says so.
LEFT_ALONE = {
    # Positional initialisation in the standard library.
    ("emplace_back", "fixed-initialiser"): "#include <vector>" + CELL + """
        std::vector<Cell> rows;
        void f() { rows.emplace_back(200, 7, 'x'); }""",
    ("make_unique", "fixed-initialiser"): "#include <memory>" + CELL + """
        Cell cells[100];
        auto cell = std::make_unique<Cell>(200, 7, 'x');""",
    ("a binding in a generic lambda", "structured-binding"): CELL + """
        Cell cells[100];
        int f() { return [](auto cell) { auto [a, b, c] = cell; return a - c; }(cells[0]); }""",
    ("optional::emplace", "fixed-initialiser"): "#include <optional>" + CELL + """
        std::optional<Cell> cell;
        void f() { cell.emplace(200, 7, 'x'); }""",
    ("make_from_tuple", "fixed-initialiser"): "#include <tuple>" + CELL + """
        auto cell = std::make_from_tuple<Cell>(std::tuple(200, 7, 'x'));""",
    ("construct_at", "fixed-initialiser"): "#include <memory>" + CELL + """
        void f(Cell* cell) { std::construct_at(cell, 200, 7, 'x'); }""",
    ("map::try_emplace", "fixed-initialiser"): "#include <map>" + CELL + """
        std::map<int, Cell> cells;
        void f() { cells.try_emplace(1, 200, 7, 'x'); }""",
    ("a generic lambda", "fixed-initialiser"): P + """
        auto make = [](auto... values) { return P(values...); };
        P p = make(true, 1.0, false);""",
    ("a template of a class", "fixed-initialiser"): P + """
        template <class T> struct Maker {
          P make(T value) { return {true, value, false}; }
        };
        P p = Maker<double>().make(1), q = Maker<float>().make(2);""",
    # Code that runs in another order.
    ("effects of default initialisers", "evaluation-order"): """
        int next();
        struct P {
          char tag = (char)next();
          double v = next();
          char c = (char)next();
        };
        P p;""",
    ("effects of default initialisers in a list", "evaluation-order"): """
        int next();
        struct P {
          char tag = (char)next();
          double v = next();
          char c = (char)next();
        };
        P p{};""",
    ("effects of a default and of a constructor", "evaluation-order"): """
        int next();
        struct P {
          P() : tag((char)next()) {}
          char tag;
          double v = next();
          char c = (char)next();
        };""",
    ("effects of members' types", "evaluation-order"): """
        int next();
        struct Small { char id = (char)next(); };
        struct Large { double id = next(); };
        struct P {
          Small a;
          Large d;
          Small b;
        };
        P p;""",
    ("a constructor and a default", "evaluation-order"): """
        int next();
        struct Id { Id(); char id; };
        struct P {
          Id a;
          double d = next();
          Id b;
        };
        P p;""",
    ("an initialiser that reads what another one changes", "evaluation-order"): """
        struct P {
          explicit P(const char*& p) : first(*p), pos(*p++), last(*p) {}
          char first;
          double pos;
          char last;
        };""",
    ("a parameter that is read and changed", "evaluation-order"): """
        struct P {
          explicit P(int n) : first((char)n), pos(n++), last((char)n) {}
          char first;
          double pos;
          char last;
        };""",
    ("a parameter that is moved and read", "evaluation-order"): """
        #include <string>
        #include <utility>
        struct P {
          explicit P(std::string s) : empty(s.empty()), count(s.size()), name(std::move(s)), last(s.empty()) {}
          bool empty;
          double count;
          std::string name;
          bool last;
        };""",
    ("an element that changes what others read", "evaluation-order"): P + """
        P f(int seed) { return {seed > 20, (double)(seed = 7), seed > 3}; }""",
    ("an element that reads what is initialised", "initialiser-order"): P + """
        P p = {true, p.a ? 1.0 : 2.0, false};""",
    ("a member of an anonymous union that reads another field", "initialiser-order"): """
        struct P {
          explicit P(int k) : small(k < 9), i(small ? k : -1), last(false) {}
          bool small;
          union { double d; long long i; };
          bool last;
        };""",
    ("a {0} that other defaults follow", "fixed-initialiser"): """
        struct P {
          bool a = true;
          double d = 2;
          bool b = true;
        };
        P p = {0};""",
    # Texts that cannot change places.
    ("a directive in a list", "fixed-initialiser"): P + """
        P p = {
          true,
        #ifdef OTHER
          2.0,
        #else
          1.0,
        #endif
          false};""",
    ("a directive in a constructor's list", "fixed-constructor"): """
        struct P {
          P(bool x) :
            a(x),
        #ifdef OTHER
            d(2),
        #else
            d(1),
        #endif
            b(false) {}
          bool a;
          double d;
          bool b;
        };""",
    ("comments in a list", "fixed-initialiser"): P + """
        P p = {true /* kind */, 2.5 /* weight */, false};""",
    ("names in comments", "fixed-initialiser"): P + """
        P p = {/*a=*/ true, /*d=*/ 2.5, false};""",
    ("comments behind the lines of a list", "fixed-initialiser"): P + """
        P p = {
          .a = true, // normal
          .d = 1,
          .b = false,
        };""",
    ("comments behind the lines of a constructor's list", "fixed-constructor"): """
        struct P {
          P(double x)
              : a(x > 0),  // positive
                d(x),
                b(false) {}
          bool a;
          double d;
          bool b;
        };""",
    ("a comment behind the last element", "fixed-initialiser"): P + """
        P p = {
          true,
          1,
          false,  // last
        };""",
    ("a constructor that is a template", "fixed-constructor"): """
        struct P {
          template <class T> explicit P(T x) : a(x > 0), d(x), b(false) {}
          bool a;
          double d;
          bool b;
        };
        P p(1);""",
    ("a list whose inner braces are left out", "fixed-initialiser"): """
        struct Pair { bool first, second; };
        struct P {
          Pair a;
          double d;
          bool b;
          bool c;
        };
        P p = {true, false, 1.0, true};""",
    ("a marker of a documentation group", "crosses-group"): """
        struct P {
          /// @{
          bool a;
          /// @}

          /// The other group. @{
          double d;
          bool b;
          /// @}
        };""",
    ("a #define inside", "directive-inside"): """
        struct P {
          bool a;
        #define KINDS 3
          double d;
          bool b;
        };""",
}

LEFT_ALONE_C = {
    ("a nested designator that elements follow", "fixed-initialiser"): """
        struct In { char a; double b; char c; };
        struct Out { struct In in; };
        struct Out out[] = {{.in.a = 1, 2.0, 3}};""",
    ("a designator that elements follow", "fixed-initialiser"): P + """
        struct P p = {.a = 1, 2.0, 1};""",
}

# Programs that are edited, and a part of what they become. They print the same before and after.
EDITED = {
    "a default of a function that is declared twice": ("""
        #include <cstdio>
        struct P {
          bool a;
          double b;
          bool c;
        };
        void show(P p = {true, 2.5, false});
        void show(P p) { std::printf("%d %g %d\\n", p.a, p.b, p.c); }
        int main() { show(); }""", "P p = {2.5, false, true}"),
    "parameters that are moved from, and others": ("""
        #include <cstdio>
        #include <string>
        #include <utility>
        struct P {
          P(std::string n, bool x, double y) : on(x), value(y), name(std::move(n)), off(!x) {}
          bool on;
          double value;
          std::string name;
          bool off;
          double more = 1;
        };
        int main() {
          P p("name", true, 2.5);
          std::printf("%d %g %s %d %g\\n", p.on, p.value, p.name.c_str(), p.off, p.more);
        }""", "P(std::string n, bool x, double y) : value(y), name(std::move(n)), on(x), off(!x) {}"),
    "effects that keep their order": ("""
        #include <cstdio>
        int next() { static int n; return ++n; }
        struct P {
          P(bool x) : a(x), d(next()), b(false), e(next()) {}
          bool a;
          double d;
          bool b;
          double e;
        };
        struct Q {
          bool a;
          double d;
          bool b;
        };
        int main() {
          P p(true);
          Q q = {true, (double)next(), false};
          std::printf("%d %g %d %g %d %g %d\\n", p.a, p.d, p.b, p.e, q.a, q.d, q.b);
        }""", "Q q = {(double)next(), false, true};"),
    "an order that keeps what initialisers depend on": ("""
        #include <cstdio>
        int next() { static int n; return ++n; }
        struct P {
          char tag = (char)next();
          double value = next();
          char last = 0;
        };
        int main() {
          P p;
          std::printf("%d %g %d\\n", p.tag, p.value, p.last);
        }""", "char last = 0;\n  char tag = (char)next();\n  double value = next();"),
    "members of an anonymous union": ("""
        #include <cstdio>
        struct P {
          P(bool x) : small(x), i(x ? 1 : -1), last(!x) {}
          bool small;
          union { double d; long long i; };
          bool last;
        };
        int main() {
          P p(true);
          std::printf("%d %lld %d\\n", p.small, p.i, p.last);
        }""", "P(bool x) : i(x ? 1 : -1), last(!x), small(x) {}"),
    "groups whose fields stay in them": ("""
        #include <cstdio>
        struct P {
          /// @{
          bool a;
          double d;
          bool b;
          /// @}
          int n;
        };
        int main() {
          P p{true, 2.5, false, 7};
          std::printf("%d %g %d %d\\n", p.a, p.d, p.b, p.n);
        }""", "/// @{\n  double d;\n  bool a;\n  bool b;\n  /// @}"),
    "nodes that hold nodes, and copies of a whole": ("""
        #include <cstdio>
        #include <vector>
        struct Node {
          bool a;
          double d;
          bool b;
          std::vector<Node> inner;
        };
        int main() {
          Node node{true, 2.5, false, {}};
          Node copy{node};
          std::printf("%d %g %d\\n", copy.a, copy.d, copy.b);
        }""", "Node node{2.5, true, false, {}};"),
}


class LeftAlone(unittest.TestCase):
    def check(self, cases, file, flags):
        for (what, hazard), text in cases.items():
            with self.subTest(what), Project(TOOL, {file: dedent(text)}, flags, EVERY_OBJECT) as project:
                done = project.fix("--apply", "--rule", "struct-padding")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(project.text(file), dedent(text), done.stdout)
                config = project.folder / "blocked.toml"
                config.write_text("[rules.struct-padding]\nreport-blocked = true\nmin-saved-in-all = 1\nmin-saved-unseen = 1\nmin-saved-by-hand = 1\n")
                command = [project.tool, "source", "-p", ".", "--rule", "struct-padding", "--config", config]
                shown = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=True).stdout
                self.assertIn(hazard_text(hazard), shown)

    def test_cpp(self):
        self.check(LEFT_ALONE, "p.cpp", ["-std=c++20"])

    def test_c(self):
        self.check(LEFT_ALONE_C, "p.c", ["-std=c23"])


class Edited(unittest.TestCase):
    @staticmethod
    def output(project):
        subprocess.run(["clang++-22", "-std=c++20", "p.cpp", "-o", "program"], cwd=project.folder, check=True, capture_output=True)
        return subprocess.run(["./program"], cwd=project.folder, check=True, capture_output=True, text=True).stdout

    def test_each(self):
        for what, (text, part) in EDITED.items():
            with self.subTest(what), Project(TOOL, {"p.cpp": dedent(text)}, ["-std=c++20"], EVERY_OBJECT) as project:
                before = self.output(project)
                done = project.fix("--apply", "--rule", "struct-padding")
                self.assertIn(part, project.text("p.cpp"), done.stdout)
                self.assertEqual(self.output(project), before)


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
