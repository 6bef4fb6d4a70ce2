#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Compiles and runs the unit tests, tests/host/test_*.c (or those named), under sanitizers; see
# tests/host/test.h. Most run twice, the second time as 32-bit programs. Prints their TAP, one
# program after the other, and a "not ok" for a program that does not compile or ends by a crash.
set -uo pipefail
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

# On other processors than x86 there are no such programs.
runs_with_32_bits() {
    [ "$(uname -m)" = x86_64 ] && [ "$(setting only "$1")" != x86_64 ]
}

emulator=()
/lib/ld-linux.so.2 --version > /dev/null 2>&1 || emulator=(qemu-i386)
[ $# -gt 0 ] || set -- tests/host/test_*.c
failures=0
for source in "$@"; do
    run_program "$source" 64 2>&1 || failures=1
    if runs_with_32_bits "$source"; then
        run_program "$source" 32 "${emulator[@]}" 2>&1 || failures=1
    fi
done
exit $failures
