#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./run.sh [direct|floppy|iso|uefi] [amd64] [release] [--kernel FILE] [--add FILE[=PATH]]...
#          [--trace PROGRAM]... [QEMU arguments...]
#
# Builds what is not up to date and boots it in QEMU: from the floppy, unless another medium is
# named ("direct" has QEMU itself load kernel and Executive, "uefi" boots the ISO with UEFI); in a
# window where there is a display, else in this terminal. A debug build logs its serial port to
# build/<arch>-<type>/serial.log. Without "amd64" it is the i686 system, without "release" the debug
# build. --kernel takes a prebuilt seL4 kernel image, --add puts a file into \SystemRoot, at PATH
# (such as docs/notes.txt), --trace shows the system services of a program from its start on ("*": of all),
# all as ./build.sh does. QEMU arguments come last and win over the defaults, e.g.
# ./run.sh direct amd64 -m 32M
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
parse_options "$@"
[[ ${others[0]:--} == -* ]] || die "what is '${others[0]}'? --help shows the usage"
medium=${medium:-floppy}
"$here/tools/setup.sh" run
case $medium in
    direct) command=build.sh ;;
    floppy) command=mkfloppy.sh ;;
    iso | uefi) command=mkiso.sh ;;
esac
"$here/$command" $arch $type ${kernel:+--kernel "$kernel"} "${added[@]}"

given() {
    local wanted argument
    for wanted in "$@"; do
        for argument in "${others[@]}"; do
            [ "$argument" = "$wanted" ] && return
        done
    done
    return 1
}

window_possible() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || return
    "$qemu" -display help 2> /dev/null | grep -qE '^(gtk|sdl)$' && return
    echo "for a window, please install the package qemu-system-gui"
    return 1
}

# The text screen has 80x25 cells, a new terminal often 80x24: the prompt would scroll out of sight.
check_terminal_size() {
    [ "$(stty size | cut -d' ' -f1)" -lt 25 ] || return 0
    printf '\033[8;25;80t' # asks an xterm to grow
    sleep 0.2
    [ "$(stty size | cut -d' ' -f1)" -lt 25 ] || return 0
    echo "this terminal has fewer than 25 rows and hides the lowest: please enlarge it"
    sleep 2
}

choose_display() {
    if window_possible; then
        : # QEMU opens it by itself
    elif [ $medium = uefi ]; then
        echo "UEFI has a picture for a screen, which no terminal shows:"
        echo "see it with a VNC viewer at localhost:5900"
        defaults+=(-display vnc=localhost:0)
    elif [ -t 0 ] && [ -t 1 ]; then
        defaults+=(-display curses)
        check_terminal_size
        echo "in this terminal: to leave, type 'shutdown' at the prompt,"
        echo "or press Alt-2 and type 'quit'"
    else
        defaults+=(-display none)
        echo "no display and no terminal: the screen is not shown"
    fi
}

images=$here/$build/images
qemu=qemu-system-x86_64
if [ $arch = i686 ] && [ $medium != uefi ]; then
    qemu=qemu-system-i386 # UEFI itself is 64-bit
fi
defaults=(-m 128M -nic none)
case $medium in
    direct) defaults+=(-kernel "$images/kernel.elf" -initrd "$images/ntos${added:+-added}.elf") ;;
    floppy) defaults+=(-drive "if=floppy,format=raw,file=$images/floppy.img,snapshot=on" -boot a) ;;
    iso) defaults+=(-cdrom "$images/neptune.iso" -boot d) ;;
    uefi) defaults+=(-bios /usr/share/ovmf/OVMF.fd -cdrom "$images/neptune.iso") ;;
esac
if ! given -enable-kvm && [[ ${others[*]} != *accel* ]]; then
    # /dev/kvm may exist on a machine that cannot run a guest with it.
    if [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo; then
        defaults+=(-accel kvm)
    fi
    defaults+=(-accel tcg)
fi
if [ $type = debug ] && ! given -serial -nographic; then
    defaults+=(-serial "file:$here/$build/serial.log")
    echo "serial log: $build/serial.log"
fi
if ! given -display -nographic -curses -vnc -spice; then
    choose_display
fi
exec "$qemu" "${defaults[@]}" "${others[@]}"
