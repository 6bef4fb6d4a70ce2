#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./test.sh [host|kernel|native|system|bounds ...] [--long] [--kernel FILE [amd64|i686]]
#
# Builds debug and release and runs the suites named, or all of them:
#   host    unit tests of pure code, on the host, under sanitizers
#   kernel  conformance tests of the kernel: a root task of its own
#   native  tests of the NT system services: a program on the running system
#   system  the whole system, with a user at keyboard and screen
#   bounds  instructions and bytes against their bounds (./bench.sh --exact)
# --long runs the long forms. --kernel tests a prebuilt seL4 kernel image in place of ours, of the
# architecture that its ELF header tells, or that is named: a 32-bit container of a 64-bit kernel is
# taken for what the addresses in it suggest.
# The last line is "N passed, N failed"; a suite that ran nothing counts as a failure.
set -uo pipefail
cd "$(dirname "$0")" || exit
source tools/options.sh

all=(host kernel native system bounds)
types=(debug release)
suites=() long='' kernel='' kernel_arch=''
while [ $# -gt 0 ]; do
    case $1 in
        host | kernel | native | system | bounds) suites+=("$1") ;;
        --long) long=--long ;;
        amd64 | i686) kernel_arch=$1 ;;
        --kernel) kernel=$(realpath "${2:?--kernel needs a file}") && shift ;;
        *) die "what is '$1'? suites: ${all[*]}; options: --long --kernel FILE [amd64|i686]" ;;
    esac
    shift
done
[ ${#suites[@]} -gt 0 ] || suites=("${all[@]}")
[ -n "$kernel" ] || [ -z "$kernel_arch" ] || die "'$kernel_arch' goes with --kernel FILE"
if [ -n "$kernel" ] && [ -z "$kernel_arch" ]; then
    kernel_arch=$(tools/kernel_arch.py "$kernel") || exit 2
fi

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

# Of i686 there is only the kernel yet, and build.sh does not know it.
build_i686() {
    [ -n "$kernel" ] || rm -f "build/i686-$1/images/kernel.elf" # it may be a prebuilt one
    cmake -S . -B "build/i686-$1" -G Ninja -DNEPTUNE_ARCH=i686 -DNEPTUNE_TYPE="$1" > /dev/null &&
        ninja -C "build/i686-$1" images/{kernel,ktest,kfuzz,kbench}.elf > /dev/null || echo "not ok - the i686 $1 build"
    [ "$kernel_arch" != i686 ] || cp "$kernel" "build/i686-$1/images/kernel.elf"
}

suite_kernel() {
    local type arch arches=(amd64 i686)
    [ -z "$kernel" ] || arches=("$kernel_arch")
    for type in "${types[@]}"; do
        for arch in "${arches[@]}"; do
            echo "# $arch $type kernel"
            [ "$arch" = amd64 ] || build_i686 "$type"
            conformance "build/$arch-$type"
            [ -z "$kernel" ] || continue
            fuzz_kernel "build/$arch-$type"
            tests/kernel/boots.py "build/$arch-$type"
        done
    done
    true # QEMU's status is the debug-exit device's, never 0
}

suite_native() {
    local type status=0
    for type in "${types[@]}"; do
        echo "# $type"
        tests/native/run.py "build/amd64-$type" || status=1
    done
    return $status
}

suite_system() {
    local type builds=()
    for type in "${types[@]}"; do
        builds+=(--build "build/amd64-$type")
    done
    pytest-3 -v tests/system "${builds[@]}" $long
}

suite_bounds() {
    (./bench.sh amd64 release --exact; status=$?
        ./bench.sh release --exact && exit $status) |
        awk '{ print } $4 == "bound" { print ($2 <= $5 ? "ok" : "not ok") " - " $1 }'
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

tools/setup.sh || exit
for type in "${types[@]}"; do
    release=${type#debug}
    # shellcheck disable=SC2086 # $release is one word or none
    if [ "$kernel_arch" != i686 ] && ! ./build.sh amd64 $release ${kernel:+--kernel "$kernel"}; then
        echo "not ok - the $type build"
        echo "0 passed, 1 failed"
        exit 1
    fi
done
for suite in "${suites[@]}"; do
    run_suite "$suite"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
