# SPDX-License-Identifier: BSD-2-Clause
#
# The options that the commands share, to be sourced. parse_options "$@" sets
#   arch    amd64 or i686                     type    debug or release
#   medium  direct, floppy, iso or uefi       kernel  a prebuilt seL4 kernel image, or empty
#   others  what is none of these             build   the build folder
#   added   --add FILE[=PATH] ... as given, the files by their full names; --trace PROGRAM ... becomes
#           a file that sets the boot option
# medium is empty where none was given.

parse_options() {
    arch=i686 type=debug medium='' kernel='' added=() others=()
    local traced=''
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
            --add) note_added "${2:?--add needs a file}" && shift ;;
            --trace)
                traced+="${traced:+ }${2:?--trace needs the name of a program}"
                shift
                ;;
            *) break ;;
        esac
        shift
    done
    others=("$@")
    build=build/$arch-$type
    [ -z "$traced" ] || note_traced "$traced"
}

# note_traced NAMES: notes a file to be added, by which these programs are traced from their start.
note_traced() {
    local file
    file=$(dirname "${BASH_SOURCE[0]}")/../$build/boot.reg
    mkdir -p "${file%/*}"
    printf '%s\n\n[%s]\n"TraceServices"="%s"\n' 'Windows Registry Editor Version 5.00' \
        'HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\Session Manager' "$1" > "$file"
    note_added "$file=config\\boot.reg"
}

# note_added FILE[=PATH]: notes a file to be added, which may have an = in its own name.
note_added() {
    local file=$1 path=
    if [ ! -e "$file" ] && [[ $file == *=* ]]; then
        path==${file##*=} file=${file%=*}
    fi
    [ -f "$file" ] && [ -r "$file" ] || die "cannot read $file"
    added+=(--add "$(realpath -s "$file")$path")
}

# add_files: makes the Executive's image with the files that --add names beside the one without, and
# sets ntos to the name of the one that is to be booted. Nothing is compiled for it.
add_files() {
    local arguments=() images=$build/images i
    ntos=ntos.elf
    rm -f "$images/ntos-added.elf"
    [ ${#added[@]} -gt 0 ] || return 0
    ntos=ntos-added.elf
    for ((i = 1; i < ${#added[@]}; i += 2)); do
        arguments+=("${added[i]}")
    done
    tools/generate/addfiles.py "$images/ntos.elf" "$images/$ntos" "${arguments[@]}"
}

# For commands that take a build's name, a kernel and files to add, and nothing else.
parse_build_options() {
    parse_options "$@"
    [ -z "$medium" ] || others=("$medium")
    [ ${#others[@]} -eq 0 ] || die "what is '${others[0]}'? usage: $0 [amd64] [release] [--kernel FILE] [--add FILE[=PATH]]... [--trace PROGRAM]..."
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
