# SPDX-License-Identifier: BSD-2-Clause
#
# What mkfloppy.sh and mkiso.sh share, to be sourced after options.sh.

# build_system: brings the images that go onto a medium up to date; to be called at the project's top.
# The kernel of the last build.sh --kernel stays. Sets ntos to the name of the Executive's image.
build_system() {
    local prebuilt=$build/prebuilt-kernel.elf
    tools/setup.sh build media
    lock_build
    if [ -z "$kernel" ] && [ -e "$prebuilt" ]; then
        echo "with the kernel of the last build.sh --kernel"
        kernel=$prebuilt
    fi
    ./build.sh "$arch" "$type" ${kernel:+--kernel "$kernel"}
    add_files
}

# pack FILE PACKED: compresses, the same bytes for the same contents. All loaders unpack by themselves.
pack() {
    gzip -9 -n < "$1" > "$2"
}

# repeatable: from here on, the tools that write file times take the commit's, so that two builds of
# a commit have the same bytes.
repeatable() {
    : "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2> /dev/null || echo 315532800)}"
    export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
}
