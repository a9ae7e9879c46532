#!/bin/sh
# Builds the test agent into the folder that is named: build.sh <outdir>
set -eu
here=$(dirname "$(readlink -f "$0")")
out=${1:?usage: build.sh <outdir>}
mkdir -p "$out"
musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu -std=gnu17 -D_GNU_SOURCE -static -Os -Wall -Wextra -Werror -s -o "$out/agent" "$here/agent.c"
