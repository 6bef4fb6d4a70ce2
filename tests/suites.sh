# SPDX-License-Identifier: BSD-2-Clause
#
# The suites of test.sh, to be sourced: suite_NAME runs one with the builds in "builds", two at a
# time, prints TAP lines or pytest's, and fails if something failed. --only's word is in "only".

LANES=2

# each_build COMMAND...: runs it for each build, in lanes, with the build's folder last. What it
# prints comes in one piece, when it has ended. Fails if it failed for one.
each_build() {
    local lane lanes=() status=0
    for ((lane = 0; lane < LANES; lane++)); do
        run_lane $lane "$@" &
        lanes+=($!)
    done
    for lane in "${lanes[@]}"; do
        wait "$lane" || status=1
    done
    return $status
}

# run_lane LANE COMMAND...: each LANES'th build from the LANE'th on.
run_lane() {
    local lane=$1 i log status=0
    shift
    log=$(mktemp)
    for ((i = lane; i < ${#builds[@]}; i += LANES)); do
        echo "# ${builds[i]#build/} begins"
        { echo "# ${builds[i]#build/}" && "$@" "${builds[i]}"; } > "$log" 2>&1 || status=1
        flock build/print.lock cat "$log"
    done
    rm "$log"
    return $status
}

# A TAP stream that ends too early is a failure: its plan, "1..N", is compared with what came.
check_plan() {
    awk '{ print } /^(not )?ok / { count++ } /^1\.\.[0-9]+$/ { plan = substr($0, 4) }
        END { if (!count || plan != count) print "not ok - " count + 0 " checks of " plan + 0 " ran" }'
}

emulator() {
    [[ $1 == *amd64* ]] && echo qemu-system-x86_64 || echo qemu-system-i386
}

# What another kernel needs depends on how it was built: it gets the processor that has everything.
processor() {
    [ -z "$kernel" ] || echo -cpu max
}

# ---- host ----

suite_host() {
    local sources=()
    [ -z "$only" ] || mapfile -t sources < <(compgen -G "tests/host/*_*$only*.c")
    if [ -n "$only" ] && [ ${#sources[@]} -eq 0 ]; then
        echo "not ok - no test has $only in its name. There are:"
        (cd tests/host && printf '%s\n' test_*.c | sed 's/^test_\(.*\)\.c/\1/') | paste -sd ' ' | fold -sw 120
        return 1
    fi
    [ -z "$long" ] || export FUZZ_RUNS=50000000
    [ -n "$only" ] || tools/check_format.sh
    tests/host/run.sh "${sources[@]}"
}

# ---- kernel ----

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
    # shellcheck disable=SC2046 # an option and its value, or nothing
    timeout 900 "$(emulator "$1")" $(processor) -icount shift=3,sleep=off -m 128M -nic none -display none -no-reboot \
        -device isa-debug-exit,iobase=0xf4,iosize=4 -device edu -serial stdio \
        ${kernel:+-fw_cfg name=opt/kernel,string=other} \
        -kernel "$1/images/kernel.elf" -initrd "$1/images/ktest.elf" < /dev/null |
        tr -d '\r' | check_plan | check_interrupts_off 8
}

# With --only, the checks whose lines have the word; all of them run.
test_kernel() {
    if [ -n "$only" ]; then
        conformance "$1" | grep -E "^(not ok|#)|$only"
        return
    fi
    conformance "$1"
    [ -z "$kernel" ] || return 0
    fuzz_kernel "$1"
    tests/kernel/boots.py "$1" | check_plan
}

suite_kernel() {
    each_build test_kernel
    true # QEMU's status is the debug-exit device's, never 0
}

# ---- native ----

test_native() {
    tests/native/run.py "$1" ${only:+"$only"}
}

suite_native() {
    each_build test_native
}

# ---- build, system ----

# test_with_pytest FOLDER BUILD
test_with_pytest() {
    pytest-3 -v "$1" --build "$2" $long ${only:+-k "$only"}
}

suite_build() {
    each_build test_with_pytest tests/build
}

suite_system() {
    each_build test_with_pytest tests/system
}

# ---- web ----

# Each build's floppy boots under node; the browser, where the page is the same, has the last one.
suite_web() {
    local type
    for type in "${types[@]}"; do
        echo "# i686 $type"
        ./web.sh "$type" > build/web.log 2>&1 || { cat build/web.log; return 1; }
        node_test test_files "$type"
        node_test test_emulator "$type"
    done
    node_test test_browser "$type"
}

node_test() {
    timeout 1800 node --test-reporter=tap "tests/web/$1.mjs" "build/i686-$2/images" 2>&1 | check_plan
}

# ---- bounds ----

test_bounds() {
    local words=${1#build/}
    # shellcheck disable=SC2086 # words is two words
    ./bench.sh ${words/-/ } --exact |
        awk '{ print } $4 == "bound" { print ($2 <= $5 ? "ok" : "not ok") " - " $1 }'
}

# Release builds, where no type is named: a debug build is not meant to be fast.
suite_bounds() {
    local all=("${builds[@]}") builds=() build
    for build in "${all[@]}"; do
        [[ $types_named ]] || [[ $build == *release ]] || continue
        builds+=("$build")
    done
    each_build test_bounds
}
