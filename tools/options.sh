# SPDX-License-Identifier: BSD-2-Clause
#
# The options that build.sh, run.sh and bench.sh share, to be sourced. parse_options "$@" sets
#   arch    amd64 or i686          type    debug or release
#   medium  direct                 kernel  a prebuilt seL4 kernel image, or empty
#   others  what is none of these  build   the build folder

parse_options() {
    arch=i686 type=debug medium=direct kernel= others=()
    while [ $# -gt 0 ]; do
        case $1 in
            amd64) arch=amd64 ;;
            debug | release) type=$1 ;;
            direct) ;;
            floppy | iso | uefi) die "booting from $1 is not there yet; use: direct" ;;
            --kernel)
                kernel=${2:?--kernel needs a file}
                [ -r "$kernel" ] || die "cannot read $kernel"
                shift
                ;;
            *) break ;;
        esac
        shift
    done
    others=("$@")
    [ $arch = amd64 ] || die "i686 is not there yet; add the word amd64: $0 amd64"
    build=build/$arch-$type
}

die() {
    echo "$0: $*" >&2
    exit 2
}
