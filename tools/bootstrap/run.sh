#!/bin/sh
# npm run up|down|image|bench|vm|e2e:vm, npm test: prepares a machine as far as the command needs it, then does what was asked.
# Plain sh, because nothing of the project can be relied on before it has run.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
cd "$root"

say() { printf '\033[1m▸\033[0m %s\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# --- Debian packages -----------------------------------------------------------------------------------------------

has_library() { for dir in /lib /usr/lib /lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu; do [ -e "$dir/$1" ] && return 0; done; return 1; }
has_grpcio() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import grpc' 2>/dev/null; }

# need <package> <test…>: adds the package to the wanted list when the test fails.
wanted=''
need() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || wanted="$wanted $package"
}

list_wanted() {
  need libatomic1 has_library libatomic.so.1
  need libstdc++6 has_library libstdc++.so.6
  need util-linux command -v nsenter
  need mount command -v umount
  need iproute2 command -v ip
  [ "$1" = down ] && return 0
  need gcc command -v gcc
  need libc6-dev test -e /usr/include/stdio.h
  need linux-libc-dev test -e /usr/include/linux/capability.h
  need musl-tools command -v musl-gcc
  need binutils command -v strip
  need squashfs-tools command -v unsquashfs
  if [ "$1" = image ]; then
    need openssl command -v openssl
    need git command -v git
  fi
  case "$1" in vm | e2e-vm | test | bench)
    need qemu-system-x86 command -v qemu-system-x86_64
    need genisoimage command -v genisoimage
    need e2fsprogs test -e /sbin/mke2fs
    need openssl command -v openssl
    ;;
  esac
  if [ "$1" = bench ]; then
    need nghttp2-client command -v h2load
    need nghttp2-server command -v nghttpd
  fi
  [ "$1" = test ] || return 0
  need openssl command -v openssl
  need procps command -v ps
  need python3-grpcio has_grpcio
}

install_packages() {
  list_wanted "$1"
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    die "These Debian packages are missing:$wanted
Install them as root and run the command again:

  apt-get update && apt-get install --no-install-recommends -y$wanted"
  fi
  say "installing Debian packages:$wanted"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; then
    apt-get update >"$log" 2>&1 || { cat "$log" >&2; die 'apt-get update failed; the lines above say why.'; }
  fi
  # shellcheck disable=SC2086 # a list of words
  if ! apt-get install --no-install-recommends -y $wanted >"$log" 2>&1; then
    # Lists that are older than the archive name files that are gone.
    { apt-get update && apt-get install --no-install-recommends -y $wanted; } >"$log" 2>&1 ||
      { cat "$log" >&2; die "apt-get could not install$wanted; the lines above say why."; }
  fi
  rm -f "$log"
}

# --- the workspace's own packages ----------------------------------------------------------------------------------

# npm started us with node_modules/.bin in front of PATH; npm itself must not run on the Node that it is about to replace.
run_npm() {
  if [ -n "${npm_node_execpath:-}" ] && [ -n "${npm_execpath:-}" ] && [ "${npm_node_execpath#"$root"/}" = "$npm_node_execpath" ]; then
    "$npm_node_execpath" "$npm_execpath" "$@"
  else
    PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v "^$root/" | paste -sd: -) npm "$@"
  fi
}

install_modules() {
  stamp=node_modules/.package-lock.json
  if [ -e "$stamp" ] && [ ! package-lock.json -nt "$stamp" ]; then return 0; fi
  say 'npm ci: installing the packages that package-lock.json names'
  run_npm ci --no-audit --no-fund --loglevel=error >&2
  touch "$stamp"
}

# --- what was asked ------------------------------------------------------------------------------------------------

check_machine() {
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "Minos runs on Linux x86-64; this is $(uname -s) $(uname -m)."
  command -v npm >/dev/null 2>&1 || [ -n "${npm_execpath:-}" ] || die 'npm is missing: install Node 20 or newer with npm.'
}

check_root() {
  case "$1" in test | image | vm | e2e-vm) return 0 ;; esac
  [ "$(id -u)" = 0 ] || die "npm run $1 makes namespaces, mounts and a bridge: run it as root."
}

build() {
  say 'building: bundle, image, holder'
  result=$(mktemp -d)
  # What the build scripts say is shown at once; the rest only when something fails.
  {
    NX_DAEMON=false nx run-many -t build --output-style=stream 2>&1 || touch "$result/failed"
  } | tee "$result/log" | grep --line-buffered -o 'dist/.*' >&2 || true
  if [ -e "$result/failed" ]; then
    cat "$result/log" >&2
    rm -rf "$result"
    die 'the build failed; the lines above say why.'
  fi
  rm -rf "$result"
}

command=${1:-}
[ $# -gt 0 ] && shift
case "$command" in up | down | image | test | bench | soak | vm | e2e-vm) ;; *) die 'usage: run.sh up|down|image|test|bench|soak|vm|e2e-vm [arguments]' ;; esac

check_machine "$command"
install_packages "$command"
check_root "$command"
install_modules
PATH="$root/node_modules/.bin:$PATH"
export PATH

case "$command" in
  up)
    build
    say 'starting the nodes'
    MINOS_CHECKOUT="$root" exec node dist/minosctl/minosctl.js cluster up "$@"
    ;;
  down)
    # From the source: what a failed build left must go too.
    MINOS_CHECKOUT="$root" exec node apps/minosctl/src/main.ts cluster down "$@"
    ;;
  test)
    exec node tools/test/run-all.ts "$@"
    ;;
  image)
    build
    exec node tools/build/release.ts "$@"
    ;;
  bench)
    build
    exec node tools/bench/main.ts "$@"
    ;;
  soak)
    build
    exec node e2e/soak/main.ts "$@"
    ;;
  vm)
    build
    exec node tools/qemu/main.ts "$@"
    ;;
  e2e-vm)
    build
    exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
      --config tools/test/vm.jest.config.mjs --runInBand "$@"
    ;;
esac
