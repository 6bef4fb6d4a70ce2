#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./bench.sh [amd64] [release] [--kernel FILE] [--exact]
#
# Measures what the project bounds and prints a line each: name, value, unit, "bound", bound, and
# what others take; with --kernel, the figures of the kernel alone beside those of another seL4
# kernel image. Ends with status 1 when a bound is exceeded. --exact measures only what is the
# same on every machine (instructions, bytes), as the tests do; times want an idle machine.
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
parse_options "$@"
[[ ${others[*]} =~ ^(--exact)?$ ]] || die "what is '${others[*]}'? --help shows the usage"
[ -z "$medium${added[*]}" ] || die "it knows no media, no --add and no --trace: --help shows the usage"
"$here/build.sh" $arch $type > /dev/null
exec "$here/tools/bench.py" "$here/$build" ${kernel:+--kernel "$kernel"} "${others[@]}"
