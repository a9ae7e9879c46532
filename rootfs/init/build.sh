#!/bin/sh
# Builds PID 1 and its link into the folder that is named: build.sh <outdir>
set -eu
here=$(dirname "$(readlink -f "$0")")
out=${1:?usage: build.sh <outdir>}
mkdir -p "$out"
musl-gcc -std=gnu17 -D_GNU_SOURCE -static -Os -Wall -Wextra -Werror -fanalyzer -ffunction-sections -fdata-sections -Wl,--gc-sections -s -o "$out/init" "$here"/*.c
ln -sf init "$out/wrapperd"
