#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./web.sh [release] [--serve [PORT]] [--kernel FILE] [--add FILE[=PATH]]... [--trace PROGRAM]...
#
# Builds what is not up to date and makes build/web: a static page that boots the i686 floppy in an
# emulated PC in the browser. It can be put on any web server, at any path. --serve serves it on
# 127.0.0.1, port 8000 unless another is given. The other options are those of ./build.sh.
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"

port='' words=()
while [ $# -gt 0 ]; do
    if [ "$1" = --serve ]; then
        port=8000
        if [[ ${2:-} =~ ^[0-9]+$ ]]; then
            port=$2
            shift
        fi
    else
        words+=("$1")
    fi
    shift
done
parse_build_options "${words[@]}"
[ "$arch" = i686 ] || die "the emulated PC has 32 bits: it cannot boot amd64"
cd "$here"
tools/setup.sh web
./mkfloppy.sh "$arch" "$type" ${kernel:+--kernel "$kernel"}

# npm's packages, as web/package-lock.json pins them
npm=build/npm
if ! cmp -s web/package-lock.json $npm/package-lock.json || ! [ -e $npm/complete ]; then
    rm -rf $npm
    mkdir -p $npm
    cp web/package.json web/package-lock.json $npm/
    npm ci --prefix $npm --no-audit --no-fund --ignore-scripts
    touch $npm/complete
fi

additions=()
for ((i = 1; i < ${#added[@]}; i += 2)); do
    additions+=("${added[i]}")
done
node web/build.mjs "$build/images/floppy.img" $npm build/web "${additions[@]}"
echo "made build/web ($(du -sh build/web | cut -f1))"
if [ -n "$port" ]; then
    exec web/serve.py build/web "$port"
fi
