#!/bin/sh
# Builds the program that holds a node on a host into the folder that is named: build.sh <outdir>
set -eu
here=$(dirname "$(readlink -f "$0")")
out=${1:?usage: build.sh <outdir>}
mkdir -p "$out"
musl-gcc -std=gnu17 -D_GNU_SOURCE -static -Os -Wall -Wextra -Werror -fanalyzer -s -o "$out/minos-holder" "$here"/*.c
