import { expect, test } from '@jest/globals';
import { DiskStat, NetDev } from '@minos/api/machine';
import { parseCpuInfo } from './cpu-info.ts';
import { parseDiskStats } from './disk-stats.ts';
import { parseLoadAvg } from './load-avg.ts';
import { parseMemInfo } from './mem-info.ts';
import { parseMounts } from './mount-table.ts';
import { parseNetworkDevices } from './network-device-stats.ts';
import { sumCounters } from './sum-counters.ts';
import { parseSystemStat } from './system-stat.ts';

/** Text of a Linux 6.18 machine with two processors. */
const MEMINFO = `MemTotal:       24684096 kB
MemFree:        21093868 kB
MemAvailable:   23474288 kB
Buffers:           47256 kB
Cached:          2466688 kB
SwapCached:            0 kB
Active:           852716 kB
Inactive:        2106856 kB
Active(anon):       1712 kB
Inactive(anon):   452804 kB
Active(file):     851004 kB
Inactive(file):  1654052 kB
Unevictable:       19460 kB
Mlocked:           18476 kB
SwapTotal:             0 kB
SwapFree:              0 kB
Zswap:                 0 kB
Zswapped:              0 kB
Dirty:              9284 kB
Writeback:             0 kB
AnonPages:        465184 kB
Mapped:           216180 kB
Shmem:              8888 kB
KReclaimable:     186204 kB
Slab:             228464 kB
SReclaimable:     186204 kB
SUnreclaim:        42260 kB
KernelStack:        4464 kB
PageTables:        21980 kB
SecPageTables:         0 kB
NFS_Unstable:          0 kB
Bounce:                0 kB
WritebackTmp:          0 kB
CommitLimit:    12342048 kB
Committed_AS:    1658632 kB
VmallocTotal:   34359738367 kB
VmallocUsed:       18492 kB
VmallocChunk:          0 kB
Percpu:              976 kB
AnonHugePages:         0 kB
ShmemHugePages:        0 kB
ShmemPmdMapped:        0 kB
FileHugePages:     20480 kB
FilePmdMapped:         0 kB
Balloon:               0 kB
HugePages_Total:       0
HugePages_Free:        0
HugePages_Rsvd:        0
HugePages_Surp:        0
Hugepagesize:       2048 kB
Hugetlb:               0 kB
DirectMap4k:       28672 kB
DirectMap2M:     2068480 kB
DirectMap1G:    25165824 kB
`;

const CPUINFO = `processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 17
model name	: AMD EPYC
stepping	: 1
microcode	: 0x1000065
cpu MHz		: 2596.122
cache size	: 1024 KB
physical id	: 0
siblings	: 2
core id		: 0
cpu cores	: 2
apicid		: 0
initial apicid	: 0
fpu		: yes
fpu_exception	: yes
cpuid level	: 28
wp		: yes
flags		: fpu vme de pse tsc msr
bugs		: sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass srso spectre_v2_user
bogomips	: 5192.24
TLB size	: 3584 4K pages
clflush size	: 64
cache_alignment	: 64
address sizes	: 48 bits physical, 48 bits virtual
power management:

processor	: 1
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 17
model name	: AMD EPYC
stepping	: 1
microcode	: 0x1000065
cpu MHz		: 2596.122
cache size	: 1024 KB
physical id	: 0
siblings	: 2
core id		: 1
cpu cores	: 2
apicid		: 0
initial apicid	: 0
fpu		: yes
fpu_exception	: yes
cpuid level	: 28
wp		: yes
flags		: fpu vme de pse tsc msr
bugs		: sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass srso spectre_v2_user
bogomips	: 5192.24
TLB size	: 3584 4K pages
clflush size	: 64
cache_alignment	: 64
address sizes	: 48 bits physical, 48 bits virtual
power management:

`;

const STAT = `cpu  34731 0 17004 566097 712 0 110 63 0 0
cpu0 15409 0 7089 286772 91 0 28 29 0 0
cpu1 19321 0 9915 279324 620 0 82 33 0 0
intr 1089484 0 620 193 0 63
ctxt 1766337
btime 1795563821
processes 24976
procs_running 1
procs_blocked 0
softirq 426045 0 67013 90 9245 100214 0 2 131155 0 118326
`;

const DISKSTATS = `   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 143984 12930 6500426 101091 15030 36979 6328968 24204 0 12192 126174 6681 29 3494736 860 570 19
   8       0 old 1 2 3 4 5 6 7 8 9 10 11
`;

const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  114538     461    0    0    0     0          0         0   114538     461    0    0    0     0       0          0
  eth0: 288225261    7156    0    1    0     0          0         5   784732    5139    0    0    0     0       2          0
eth1.100:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
`;

test('meminfo gives all 48 fields, in kB as the kernel has them', () => {
  const info = parseMemInfo(MEMINFO);
  expect(Object.keys(info)).toHaveLength(48);
  expect(info).toMatchObject({
    memtotal: 24684096n,
    activeanon: BigInt(1712),
    vmalloctotal: 34359738367n,
    directmap2m: BigInt(2068480),
    cmatotal: 0n,
  });
});

test('cpuinfo gives one message a processor', () => {
  const cpus = parseCpuInfo(CPUINFO);
  expect(cpus.map((cpu) => cpu.processor)).toEqual([0, 1]);
  expect(cpus[0]).toMatchObject({
    vendorId: 'AuthenticAMD',
    cpuFamily: '25',
    cacheSize: '1024 KB',
    siblings: 2,
    fpu: 'yes',
    clFlushSize: 64,
    powerManagement: '',
  });
  expect(cpus[0]?.flags).toEqual(['fpu', 'vme', 'de', 'pse', 'tsc', 'msr']);
  expect(cpus[0]?.cpuMhz).toBeCloseTo(2596.122);
});

test('cpuinfo of arm64 gives features as flags', () => {
  expect(parseCpuInfo('processor\t: 0\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd\n')).toMatchObject([
    { bogoMips: 108, flags: ['fp', 'asimd'] },
  ]);
});

test('loadavg gives three averages', () => {
  expect(parseLoadAvg('1.10 0.76 0.39 1/100 24973\n')).toMatchObject({ load1: 1.1, load5: 0.76, load15: 0.39 });
});

test('stat gives times in seconds, and counters', () => {
  const stat = parseSystemStat(STAT, 100);
  expect(stat.cpuTotal).toMatchObject({ user: 347.31, system: 170.04, idle: 5660.97, softIrq: 1.1, steal: 0.63 });
  expect(stat.cpu).toHaveLength(2);
  expect(stat).toMatchObject({
    bootTime: 1795563821n,
    irqTotal: 1089484n,
    contextSwitches: 1766337n,
    processCreated: 24976n,
    processRunning: 1n,
  });
  expect(stat.irq).toEqual([0n, 620n, 193n, 0n, 63n]);
  expect(stat).toMatchObject({ softIrqTotal: 426045n, softIrq: { timer: 67013n, netTx: 90n, rcu: 118326n } });
});

test('diskstats gives every device, also of kernels with fewer columns, and their sum', () => {
  const disks = parseDiskStats(DISKSTATS);
  expect(disks.map((disk) => disk.name)).toEqual(['loop0', 'vda', 'old']);
  expect(disks[1]).toMatchObject({
    readCompleted: 143984n,
    writeSectors: 6328968n,
    ioTimeWeightedMs: 126174n,
    discardTimeMs: 860n,
  });
  expect(disks[2]).toMatchObject({ ioTimeWeightedMs: 11n, discardCompleted: 0n });
  expect(sumCounters(disks, DiskStat.fromPartial({}))).toMatchObject({
    name: 'total',
    readCompleted: 143985n,
    readMerged: 12932n,
  });
});

test('net/dev gives every device, also without a blank after the colon, and their sum', () => {
  const devices = parseNetworkDevices(NET_DEV);
  expect(devices.map((device) => device.name)).toEqual(['lo', 'eth0', 'eth1.100']);
  expect(devices[1]).toMatchObject({
    rxBytes: 288225261n,
    rxDropped: 1n,
    rxMulticast: 5n,
    txBytes: 784732n,
    txPackets: 5139n,
    txCarrier: 2n,
  });
  expect(devices[2]).toMatchObject({ rxBytes: 1n, txCompressed: 16n });
  expect(sumCounters(devices, NetDev.fromPartial({}))).toMatchObject({ name: 'total', rxPackets: 7619n });
});

test('mounts are told with blanks in their names', () => {
  expect(parseMounts('/dev/vda / ext4 rw 0 0\ntmpfs /with\\040blank\\134 tmpfs rw 0 0\n\n')).toEqual([
    { source: '/dev/vda', target: '/', fsType: 'ext4' },
    { source: 'tmpfs', target: '/with blank\\', fsType: 'tmpfs' },
  ]);
});

test('text that is nothing of the kind gives zeros, not an error', () => {
  expect(parseMemInfo('').memtotal).toBe(0n);
  expect(parseCpuInfo('')).toEqual([]);
  expect(parseSystemStat('garbage', 100).cpu).toEqual([]);
  expect(parseDiskStats('x\n')).toEqual([]);
  expect(parseNetworkDevices('no colon')).toEqual([]);
});
