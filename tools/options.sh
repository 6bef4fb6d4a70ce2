# SPDX-License-Identifier: BSD-2-Clause
#
# The options that the commands share, to be sourced. parse_options "$@" sets
#   arch    amd64 or i686                     type    debug or release
#   medium  direct, floppy, iso or uefi       kernel  a prebuilt seL4 kernel image, or empty
#   others  what is none of these             build   the build folder
#   --help  prints the comment that the command begins with, and ends it
#   added   --add FILE[=PATH] ... as given, the files by their full names; --trace PROGRAM ... becomes
#           a file that sets the boot option
# medium is empty where none was given.

parse_options() {
    arch='' type='' medium='' kernel='' added=() others=()
    local traced=''
    while [ $# -gt 0 ]; do
        case $1 in
            amd64 | i686) choose arch "$1" ;;
            debug | release) choose type "$1" ;;
            direct | floppy | iso | uefi) choose medium "$1" ;;
            --kernel) note_kernel "$@" && shift ;;
            --add) need_value "a file" "$@" && note_added "$2" && shift ;;
            --trace)
                need_value "the name of a program" "$@"
                traced+="${traced:+ }$2"
                shift
                ;;
            --help | -h) usage ;;
            *) break ;;
        esac
        shift
    done
    others=("$@") arch=${arch:-i686} type=${type:-debug}
    build=build/$arch-$type
    [ -z "$traced" ] || note_traced "$traced"
}

# usage: prints the comment that this command begins with, and ends it.
usage() {
    awk 'NR > 3 && !/^#/ { exit } NR > 3 { sub(/^# ?/, ""); print }' "$(dirname "${BASH_SOURCE[0]}")/../${0##*/}"
    exit
}

# choose VARIABLE WORD: sets it, where no other word has done so.
choose() {
    local -n chosen=$1
    [ -z "$chosen" ] || [ "$chosen" = "$2" ] || die "'$chosen' and '$2': which of them?"
    chosen=$2
}

# need_value WHAT OPTION [VALUE]...
need_value() {
    [[ -n ${3:-} && $3 != --* ]] || die "$2 needs $1"
}

# note_kernel --kernel FILE...
note_kernel() {
    need_value "a file" "$@"
    [ -f "$2" ] && [ -r "$2" ] || die "cannot read $2"
    choose kernel "$(realpath "$2")"
}

# note_traced NAMES: notes a file to be added, by which these programs are traced from their start.
note_traced() {
    local file
    file=$(dirname "${BASH_SOURCE[0]}")/../$build/boot.reg
    mkdir -p "${file%/*}"
    printf '%s\n\n[%s]\n"TraceServices"="%s"\n' 'Windows Registry Editor Version 5.00' \
        'HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\Session Manager' "$1" > "$file"
    note_added "$file=config/boot.reg"
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

# For commands that take a build's name, a kernel, files to add and programs to trace, and nothing else.
parse_build_options() {
    parse_options "$@"
    [ -z "$medium" ] || others=("$medium")
    [ ${#others[@]} -eq 0 ] || die "what is '${others[0]}'? --help shows the usage"
}

# lock_build: waits until no other command makes something in the build folder, and keeps others out until this one has
# ended. What this command starts has the lock too. To be called at the project's top.
lock_build() {
    local file=$build/build.lock
    mkdir -p "$build"
    [ ! /proc/self/fd/9 -ef "$file" ] || return 0
    exec 9> "$file"
    flock -n 9 && return
    echo "waiting for another build in $build to end" >&2
    flock 9
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
