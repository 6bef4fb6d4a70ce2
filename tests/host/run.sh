#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/host/run.sh [tests/host/test_SUBJECT.c ...]
#
# Compiles and runs the unit tests, tests/host/test_*.c (or those named), under sanitizers; see
# tests/host/test.h. Most run twice, the second time as 32-bit programs. Prints their TAP, one
# program after the other though two are at work, and a "not ok" for a program that does not compile
# or ends by a crash.
set -uo pipefail
case ${1:-} in
    --help | -h)
        sed -n '4,/^set/s/^# \?//p' "$0"
        exit
        ;;
esac
cd "$(dirname "$0")/../.." || exit
out=build/host-tests
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
mkdir -p $out

# setting NAME FILE: the words after "// NAME:" in a file.
setting() {
    sed -n "s|^// $1: *||p" "$2"
}

# compile SOURCE OUTPUT BITS: the address sanitizer's map of 32 bits is too much for the emulator.
compile() {
    local options=(-fsanitize=address,undefined -fno-sanitize-recover=all) other=
    if [ "$3" = 32 ]; then
        options=(-m32 -march=i686 -fsanitize=undefined -fsanitize-trap=all -rtlib=compiler-rt -unwindlib=none)
        other='s|arch/x86_64|arch/i386|g'
    fi
    [[ $1 != */fuzz_* ]] || options+=(-fsanitize=fuzzer)
    # shellcheck disable=SC2046 # the settings are lists of words
    clang -std=gnu17 -g -O1 -Wall -Wextra -Werror -Wno-unused-parameter -fno-omit-frame-pointer \
        "${options[@]}" -Itests/host $(setting options "$1" | sed "$other") "$1" \
        $(setting sources "$1" | sed "$other") -o "$2"
}

# run_program SOURCE BITS COMMAND...: the command, if any, is what the program runs in.
run_program() {
    local source=$1 bits=$2 program status
    shift 2
    program=$out/$(basename "$source" .c).$bits
    echo "# $source, $bits bits"
    if ! compile "$source" "$program" "$bits"; then
        echo "not ok - $source compiles"
        return 1
    fi
    timeout 120 "$@" "$program"
    status=$?
    if [ $status -gt 1 ]; then
        echo "not ok - $source ends by itself (status $status)"
    fi
    return $status
}

# Inputs, one after the other, that find new ways through the code; the same each time.
run_fuzzer() {
    local program=$out/$(basename "$1" .c) corpus=$out/$(basename "$1" .c).corpus
    echo "# $1"
    if ! compile "$1" "$program" 64; then
        echo "not ok - $1 compiles"
        return 1
    fi
    rm -rf "$corpus"
    mkdir -p "$corpus"
    [[ $1 != *_pe.c ]] || python3 tools/generate/mkimages.py "$corpus" amd64
    [ ! -d "${1%.c}.seeds" ] || cp "${1%.c}.seeds"/* "$corpus"
    if "$program" -seed=1 -runs="${FUZZ_RUNS:-100000}" -timeout=10 -max_len=8192 -artifact_prefix="$out/" "$corpus" \
        > "$program.log" 2>&1; then
        echo "ok - $1: no input does harm"
    else
        grep -v '^#' "$program.log"
        echo "not ok - $1"
        return 1
    fi
}

# On other processors than x86 there are no such programs.
runs_with_32_bits() {
    [ "$(uname -m)" = x86_64 ] && [ "$(setting only "$1")" != x86_64 ]
}

run_source() {
    local emulator=() status=0
    if [[ $1 == */fuzz_* ]]; then
        run_fuzzer "$1"
        return
    fi
    /lib/ld-linux.so.2 --version > /dev/null 2>&1 || emulator=(qemu-i386)
    run_program "$1" 64 || status=1
    if runs_with_32_bits "$1"; then
        run_program "$1" 32 "${emulator[@]}" || status=1
    fi
    return $status
}

# Its part of the work, whose lines are to stay together.
if [ "${1:-}" = --one ]; then
    said=$(run_source "$2" 2>&1)
    status=$?
    flock $out/print.lock echo "$said"
    exit $status
fi
[ $# -gt 0 ] || set -- tests/host/test_*.c tests/host/fuzz_*.c
printf '%s\0' "$@" | xargs -0 -P2 -n1 tests/host/run.sh --one
