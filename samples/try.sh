#!/usr/bin/env bash
# Installs what the build needs (Debian 12, as root or with sudo), builds wasm-memlint, and runs it on a sample.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tests/support/setup.sh"
mkdir -p "$repo/build"
memlint_install $(memlint_packages build)
memlint_build release -DMEMLINT_TESTS=OFF
memlint_say "wasm-memlint samples/sensor-hub/sensor-hub.wasm --budget 32"
cd "$repo"
# The sample is over its budget on purpose: exit code 1 is what it should answer.
build/release/analyzer/wasm-memlint samples/sensor-hub/sensor-hub.wasm --budget 32 --no-config || [ $? -eq 1 ]
memlint_say "The program is build/release/analyzer/wasm-memlint; --help says what it can do"
