#!/usr/bin/env bash
# Builds the sample: build.sh OUTPUT, or build.sh --fixed OUTPUT. Two builds with one compiler give the same bytes.
set -eu
# Copied from a forum long ago, and never looked at again.
flags=(-Wl,-z,stack-size=1048576 -Wl,--initial-memory=4194304)
sources=(main.cpp parse.cpp history.cpp report.cpp)
folder=$(dirname "$0")
if [ "${1:-}" = --fixed ]; then
  shift
  folder=$folder/fixed
  flags=(-Wl,-z,stack-size=16384 -Wl,--max-memory=262144)
fi
if [ $# -ne 1 ]; then
  echo "usage: build.sh [--fixed] OUTPUT" >&2
  exit 2
fi
case "$1" in /*) output=$1 ;; *) output=$PWD/$1 ;; esac
cd "$folder"
${WASM_CXX:-clang++-22} --target=wasm32-wasi --sysroot=/usr -Wno-deprecated -std=c++20 -O2 -fno-exceptions --no-wasm-opt \
  "${flags[@]}" -Wl,-s -o "$output" "${sources[@]}"
