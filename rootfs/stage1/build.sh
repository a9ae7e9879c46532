#!/bin/sh
# Builds /init of the initramfs into the folder that is named: build.sh <outdir>
set -eu
here=$(dirname "$(readlink -f "$0")")
out=${1:?usage: build.sh <outdir>}
mkdir -p "$out"
# musl has no kernel headers of its own; those of the machine come after its own.
musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu -std=gnu17 -D_GNU_SOURCE -static -Os -Wall -Wextra -Werror -fanalyzer \
  -ffunction-sections -fdata-sections -Wl,--gc-sections -s -o "$out/init" "$here"/*.c
