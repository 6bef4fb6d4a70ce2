# SPDX-License-Identifier: BSD-2-Clause
#
# The options that the commands share, to be sourced. parse_options "$@" sets
#   arch    amd64 or i686                     type    debug or release
#   medium  direct, floppy, iso or uefi       kernel  a prebuilt seL4 kernel image, or empty
#   others  what is none of these             build   the build folder
# medium is empty where none was given.

parse_options() {
    arch=i686 type=debug medium='' kernel='' others=()
    while [ $# -gt 0 ]; do
        case $1 in
            amd64 | i686) arch=$1 ;;
            debug | release) type=$1 ;;
            direct | floppy | iso | uefi) medium=$1 ;;
            --kernel)
                kernel=${2:?--kernel needs a file}
                [ -r "$kernel" ] || die "cannot read $kernel"
                kernel=$(realpath "$kernel")
                shift
                ;;
            *) break ;;
        esac
        shift
    done
    others=("$@")
    build=build/$arch-$type
}

# For commands that take a build's name and a kernel, and nothing else.
parse_build_options() {
    parse_options "$@"
    [ -z "$medium" ] || others=("$medium")
    [ ${#others[@]} -eq 0 ] || die "what is '${others[0]}'? usage: $0 [amd64] [release] [--kernel FILE]"
}

die() {
    echo "$0: $*" >&2
    exit 2
}

# say_made FILE...: what a command made, and the sizes.
say_made() {
    local file list=''
    for file in "$@"; do
        list+="${list:+, }${file##*/} $(stat -c %s "$file") bytes"
    done
    echo "made ${1%/*} ($list)"
}
