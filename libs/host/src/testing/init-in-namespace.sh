#!/bin/sh
# init-in-namespace.sh <scratch> <report> <checkout> <program…>: in fresh mount and pid namespaces, runs <report>/init as
# PID 1 with <program> in the place of machined. The root is an overlay in memory over the machine's own, so that init's
# mounts and directories touch nothing; <report> is at /report in it, and <checkout>, which init's own mounts might hide,
# at /checkout.
set -eu
scratch=$1 report=$2 checkout=$3
shift 3
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
root=$scratch/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$root"
mkdir "$root/report" "$root/checkout"
mount --bind "$checkout" "$root/checkout"
ln -s /report/init "$root/sbin/wrapperd"
mount --bind "$report" "$root/report"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
exec chroot "$root" /report/init container -- "$@"
