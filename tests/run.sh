#!/usr/bin/env bash
# Does what samples/try.sh does, and passes the tests (Debian 12, as root or with sudo).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/setup.sh"
mkdir -p "$repo/build"
memlint_install $(memlint_packages build) $(memlint_packages test)
memlint_build release -DMEMLINT_TESTS=ON
memlint_say "Fetching real modules (npm)"
python3 "$repo/tests/real/fetch.py" --into "$repo/build/real-modules"
memlint_say "Fetching real sources (npm)"
python3 "$repo/tests/source/real/projects.py" --into "$repo/build/real-sources"
memlint_say "Building programs to measure (clang, rustc, Emscripten, Go, AssemblyScript)"
python3 "$repo/tests/stack/build.py" --into "$repo/build/stack-programs"
python3 "$repo/tests/allocators/build.py" --into "$repo/build/allocators" \
  --assemblyscript "$repo/build/real-modules/node_modules/assemblyscript/bin/asc.js"
memlint_say "Running the tests"
cd "$repo"
ctest --preset release -j "$(nproc)"
