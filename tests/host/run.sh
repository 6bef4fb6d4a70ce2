#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Compiles and runs the unit tests, tests/host/test_*.c (or those named), under sanitizers; see
# tests/host/test.h. Prints their TAP, one program after the other, and a "not ok" for a program
# that does not compile or ends by a crash.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
out=build/host-tests
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
mkdir -p $out

# setting NAME FILE: the words after "// NAME:" in a file.
setting() {
    sed -n "s|^// $1: *||p" "$2"
}

run_program() {
    local source=$1 name status
    name=$(basename "$source" .c)
    echo "# $source"
    # shellcheck disable=SC2046 # the settings are lists of words
    if ! clang -std=gnu17 -g -O1 -Wall -Wextra -Werror -Wno-unused-parameter -fno-omit-frame-pointer \
        -fsanitize=address,undefined -fno-sanitize-recover=all -Itests/host \
        $(setting options "$source") "$source" $(setting sources "$source") -o "$out/$name"; then
        echo "not ok - $source compiles"
        return 1
    fi
    timeout 120 "$out/$name"
    status=$?
    if [ $status -gt 1 ]; then
        echo "not ok - $source ends by itself (status $status)"
    fi
    return $status
}

[ $# -gt 0 ] || set -- tests/host/test_*.c
failures=0
for source in "$@"; do
    run_program "$source" 2>&1 || failures=1
done
exit $failures
