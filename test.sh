#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./test.sh [host|build|kernel|native|system|bounds ...] [amd64|i686] [debug|release] [--long] [--kernel FILE]
#
# Builds both architectures, debug and release, or those named, with their boot media, and runs the
# suites named, or all of them:
#   host    unit tests of pure code, on the host, under sanitizers
#   build   the same bytes in another folder; nothing of the host gets into what is built
#   kernel  conformance tests of the kernel: a root task of its own
#   native  tests of the NT system services: a program on the running system
#   system  the whole system, from each medium, with a user at keyboard and screen
#   bounds  instructions and bytes against their bounds (./bench.sh --exact)
# --long runs the long forms. --kernel tests a prebuilt seL4 kernel image in place of ours, of the
# architecture that its ELF header tells, or that is named: a 32-bit container of a 64-bit kernel is
# taken for what the addresses in it suggest.
# The last line is "N passed, N failed"; a suite that ran nothing counts as a failure.
set -uo pipefail
cd "$(dirname "$0")" || exit
source tools/options.sh

all=(host build kernel native system bounds)
arches=() types=() suites=() long='' kernel=''
while [ $# -gt 0 ]; do
    case $1 in
        host | build | kernel | native | system | bounds) suites+=("$1") ;;
        amd64 | i686) arches+=("$1") ;;
        debug | release) types+=("$1") ;;
        --long) long=--long ;;
        --kernel) kernel=$(realpath "${2:?--kernel needs a file}") && shift ;;
        *) die "what is '$1'? suites: ${all[*]}; options: amd64 i686 debug release --long --kernel FILE" ;;
    esac
    shift
done
[ ${#types[@]} -gt 0 ] || types=(debug release)
if [ -n "$kernel" ]; then
    all=(kernel native system) # the others have nothing to do with it
    [ ${#arches[@]} -gt 0 ] || arches=("$(tools/kernel_arch.py "$kernel")") || exit 2
fi
[ ${#arches[@]} -gt 0 ] || arches=(amd64 i686)
[ ${#suites[@]} -gt 0 ] || suites=("${all[@]}")

# each_build COMMAND...: runs it for each build, with the build's folder; fails if it failed for one.
each_build() {
    local arch type status=0
    for type in "${types[@]}"; do
        for arch in "${arches[@]}"; do
            echo "# $arch $type"
            "$@" "build/$arch-$type" || status=1
        done
    done
    return $status
}

# A TAP stream that ends too early is a failure: its plan, "1..N", is compared with what came.
check_plan() {
    awk '{ print } /^(not )?ok / { count++ } /^1\.\.[0-9]+$/ { plan = substr($0, 4) }
        END { if (!count || plan != count) print "not ok - " count + 0 " checks of " plan + 0 " ran" }'
}

suite_host() {
    tests/host/run.sh
}

# Debug kernels tell how long interrupts were off at most; $1: ticks of their clock per instruction.
check_interrupts_off() {
    awk -v ticks="$1" '{ print } /^# interrupts off for / && $5 > most { most = $5 }
        END { if (most) print (most > 100000 * ticks ? "not ok" : "ok") " - interrupts off for at most", most / ticks, "instructions" }'
}

# Random calls, the same in each run. What the kernel itself says goes to a file, as it is much.
fuzz_kernel() {
    local said=$1/fuzz.log calls=100000
    [[ -z $long || $1 != *debug ]] || calls=10000000
    timeout $((calls / 1000 + 300)) "$(emulator "$1")" -accel tcg -icount shift=0,sleep=off \
        -rtc base=2026-01-01,clock=vm -m 128M -nic none -display none -no-reboot \
        -device isa-debug-exit,iobase=0xf4,iosize=4 \
        -serial stdio -serial "file:$said" -append console_port=2f8 \
        -fw_cfg "name=opt/fuzz,string=$calls 1" \
        -kernel "$1/images/kernel.elf" -initrd "$1/images/kfuzz.elf" < /dev/null | tr -d '\r' | check_plan
    grep -a -E 'kernel (panic|exception)' "$said"
    grep -a 'interrupts off' "$said" | sort -k5,5nr | head -n 5 | check_interrupts_off 1
}

# With -icount the guest's time is its instructions, so that scheduling does not depend on the host's load.
conformance() {
    timeout 900 "$(emulator "$1")" -icount shift=3,sleep=off -m 128M -nic none -display none -no-reboot \
        -device isa-debug-exit,iobase=0xf4,iosize=4 -device edu -serial stdio \
        -kernel "$1/images/kernel.elf" -initrd "$1/images/ktest.elf" < /dev/null |
        tr -d '\r' | check_plan | check_interrupts_off 8
}

emulator() {
    [[ $1 == *amd64* ]] && echo qemu-system-x86_64 || echo qemu-system-i386
}

test_kernel() {
    conformance "$1"
    [ -z "$kernel" ] || return 0
    fuzz_kernel "$1"
    tests/kernel/boots.py "$1"
}

suite_kernel() {
    each_build test_kernel
    true # QEMU's status is the debug-exit device's, never 0
}

suite_native() {
    each_build tests/native/run.py
}

# test_with_pytest FOLDER: the tests of the folder, with all builds.
test_with_pytest() {
    local arch type builds=()
    for type in "${types[@]}"; do
        for arch in "${arches[@]}"; do
            builds+=(--build "build/$arch-$type")
        done
    done
    pytest-3 -v "$1" "${builds[@]}" $long
}

suite_build() {
    test_with_pytest tests/build
}

suite_system() {
    test_with_pytest tests/system
}

suite_bounds() {
    local arch status=0
    (
        for arch in "${arches[@]}"; do
            ./bench.sh "$arch" release --exact || status=1
        done
        exit $status
    ) | awk '{ print } $4 == "bound" { print ($2 <= $5 ? "ok" : "not ok") " - " $1 }'
}

# Prints how many passed and failed according to a log: "ok" and "not ok" lines (TAP), marks of
# pytest, and counts ("umtests: N passed, N failed").
count() {
    awk '/^ok |PASSED +\[/ { good++ } /^not ok |(FAILED|ERROR) +\[/ { bad++ }
        /^[a-z]+: [0-9]+ passed, [0-9]+ failed$/ { good += $2; bad += $4 }
        END { print good + 0, bad + 0 }' "$1"
}

passed=0 failed=0
run_suite() {
    local log=build/test-$1.log status good bad
    echo "== $1"
    "suite_$1" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r good bad < <(count "$log") || good=0 bad=0
    if [ "$bad" -eq 0 ] && { [ "$good" -eq 0 ] || [ "$status" -ne 0 ]; }; then
        echo "not ok - suite $1 ran $good tests and ended with status $status"
        bad=1
    fi
    echo "== $1: $good passed, $bad failed"
    passed=$((passed + good)) failed=$((failed + bad))
}

# The images that all suites but host look at; not those of an earlier --kernel.
make_build() {
    local words=${1#build/}
    words=${words/-/ }
    if [ -z "$kernel" ] && [ -e "$1/prebuilt-kernel.elf" ]; then
        rm -f "$1/prebuilt-kernel.elf" "$1/images/kernel.elf"
    fi
    # shellcheck disable=SC2086 # words is two words
    ./mkfloppy.sh $words ${kernel:+--kernel "$kernel"} && ./mkiso.sh $words ${kernel:+--kernel "$kernel"}
}

tools/setup.sh || exit
if [ "${suites[*]}" != host ] && ! each_build make_build; then
    echo "not ok - the build"
    echo "0 passed, 1 failed"
    exit 1
fi
for suite in "${suites[@]}"; do
    run_suite "$suite"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
