#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/check_format.sh
#
# Checks that each C file of the tree is as .clang-format says; prints one line of TAP, and what is
# not. One version of clang-format judges, as they differ: that of Debian 12.
set -uo pipefail
case ${1:-} in
    --help | -h)
        sed -n '4,/^set/s/^# \?//p' "$0"
        exit
        ;;
esac
cd "$(dirname "$0")/.." || exit
wanted=14

found=$(command -v clang-format-$wanted || command -v clang-format)
if ! "$found" --version | grep -q "version $wanted\."; then
    echo "# the format of the source is not checked: there is no clang-format $wanted"
    exit
fi
wrong=$(find . -name build -prune -o -name '*.[ch]' -print0 |
    xargs -0 -P2 -n50 "$found" --dry-run -Werror 2>&1 | grep -E '^[^ ].*: (error|warning)')
if [ -n "$wrong" ]; then
    echo "$wrong" | head -n 50 | sed 's/^/# /'
    echo "not ok - the tree is formatted (clang-format -i puts it right)"
    exit 1
fi
echo "ok - the tree is formatted"
