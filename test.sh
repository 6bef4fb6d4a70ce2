#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./test.sh [host|build|kernel|native|system|web|bounds ...] [amd64|i686] [debug|release] [--long]
#           [--kernel FILE] [--only WORD]
#
# Builds both architectures, debug and release, or those named, with their boot media, and runs the
# suites named, or all of them, two builds at a time:
#   host    unit tests of pure code, on the host, under sanitizers; the format of the source
#   build   the same bytes in another folder; nothing of the host gets into what is built
#   kernel  conformance tests of the kernel: a root task of its own
#   native  tests of the NT system services: a program on the running system
#   system  the whole system, from each medium, with a user at keyboard and screen
#   web     the page that runs the i686 system in a browser: under node, and in chromium
#   bounds  instructions and bytes against their bounds (./bench.sh --exact)
# --long runs the long forms. --only is for those who change something, and names what runs of a
# suite: a group of umtests.c (native), a part of the names of tests (host, kernel) or of pytest's
# -k (build, system). --kernel tests a prebuilt seL4 kernel image in place of ours, of the
# architecture that its ELF header tells, or that is named: a 32-bit container of a 64-bit kernel is
# taken for what the addresses in it suggest.
# The last line is "N passed, N failed"; a suite that ran nothing counts as a failure.
set -uo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
source "$here/tests/suites.sh"

all=(host build kernel native system web bounds)
arches=() types=() suites=() builds=() long='' kernel='' only=''
while [ $# -gt 0 ]; do
    case $1 in
        host | build | kernel | native | system | web | bounds) suites+=("$1") ;;
        amd64 | i686) arches+=("$1") ;;
        debug | release) types+=("$1") ;;
        --long) long=--long ;;
        --only) need_value "a word" "$@" && choose only "$2" && shift ;;
        --kernel) note_kernel "$@" && shift ;;
        --help | -h) usage ;;
        *) die "what is '$1'? suites: ${all[*]}; --help shows the usage" ;;
    esac
    shift
done
cd "$here" || exit
types_named=${types[*]}
[ ${#types[@]} -gt 0 ] || types=(debug release)
if [ -n "$kernel" ]; then
    all=(kernel native system) # the others have nothing to do with it
    [ ${#arches[@]} -gt 0 ] || arches=("$(tools/kernel_arch.py "$kernel")") || exit 2
fi
[ ${#arches[@]} -gt 0 ] || arches=(amd64 i686)
[[ " ${arches[*]} " == *" i686 "* ]] || all=("${all[@]/web/}")
# shellcheck disable=SC2206 # without the one that may have become empty
[ ${#suites[@]} -gt 0 ] || suites=(${all[*]})
for type in "${types[@]}"; do
    for arch in "${arches[@]}"; do
        builds+=("build/$arch-$type")
    done
done

# Prints how many passed and failed according to a log: "ok" and "not ok" lines (TAP), marks of
# pytest, and counts ("umtests: N passed, N failed").
count() {
    awk '/^ok |PASSED +\[/ { good++ } /^not ok |(FAILED|ERROR) +\[/ { bad++ }
        /^[a-z]+: [0-9]+ passed, [0-9]+ failed$/ { good += $2; bad += $4 }
        END { print good + 0, bad + 0 }' "$1"
}

passed=0 failed=0
run_suite() {
    local log=build/test-$1.log start=$SECONDS status good bad
    echo "== $1"
    "suite_$1" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r good bad < <(count "$log") || good=0 bad=0
    if [ "$bad" -eq 0 ] && { [ "$good" -eq 0 ] || [ "$status" -ne 0 ]; }; then
        echo "not ok - suite $1 ran $good tests and ended with status $status"
        bad=1
    fi
    echo "== $1: $good passed, $bad failed, in $((SECONDS - start)) s"
    passed=$((passed + good)) failed=$((failed + bad))
}

# media_wanted: some tests boot from the media. Those of a group do with the images.
media_wanted() {
    [[ -z $only || " ${suites[*]} " =~ ' '(build|system)' ' ]]
}

# make_build FOLDER: the images that all suites but host look at; not those of an earlier --kernel.
make_build() {
    local words=${1#build/}
    words=${words/-/ }
    echo "building ${1#build/}"
    if [ -z "$kernel" ] && [ -e "$1/prebuilt-kernel.elf" ]; then
        rm -f "$1/prebuilt-kernel.elf" "$1/images/kernel.elf"
    fi
    # shellcheck disable=SC2086 # words is two words
    if media_wanted; then
        ./mkfloppy.sh $words ${kernel:+--kernel "$kernel"} && ./mkiso.sh $words ${kernel:+--kernel "$kernel"}
    else
        ./build.sh $words ${kernel:+--kernel "$kernel"}
    fi
}

make_builds() {
    local build
    [ "${suites[*]}" != host ] || return 0
    for build in "${builds[@]}"; do
        make_build "$build" || return
    done
}

tools/setup.sh || exit
mkdir -p build
if ! make_builds; then
    echo "not ok - the build"
    echo "0 passed, 1 failed"
    exit 1
fi
if [ -n "$kernel" ] && ! each_build tools/kernel_bench.py --comes-up "$kernel"; then
    echo "not ok - the kernel comes up"
    echo "0 passed, 1 failed"
    exit 1
fi
for suite in "${suites[@]}"; do
    run_suite "$suite"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
