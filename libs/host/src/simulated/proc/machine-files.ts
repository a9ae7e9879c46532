import type { FileTree } from '../files/file-tree.ts';
import type { SimulatedNetwork } from '../rtnetlink/simulated-network.ts';
import type { MountTable } from '../system/mount-table.ts';
import { processEntries } from './process-files.ts';
import type { ProcessTable } from './process-table.ts';

/** What a simulated machine is made of. */
export interface Hardware {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly kernelRelease: string;
  /** Share of the CPUs that is busy. */
  readonly load: number;
}

/** What the files under /proc and /sys are made from. */
export interface MachineFacts {
  readonly hardware: Hardware;
  readonly processes: ProcessTable;
  readonly mounts: MountTable;
  readonly network: SimulatedNetwork;
  readonly bootId: string;
  readonly hostname: () => string;
  readonly sinceBootMs: () => number;
  readonly bootTimeMs: () => number;
}

/** Puts /proc, /sys and /dev into a tree, with the content that Linux gives them (proc(5)). */
export function addMachineFiles(tree: FileTree, facts: MachineFacts): void {
  const { hardware, sinceBootMs } = facts;
  addProcessDirectory(tree, facts);
  const files: Readonly<Record<string, () => string>> = {
    '/proc/meminfo': () => meminfo(hardware, facts.processes),
    '/proc/stat': () => stat(hardware, facts),
    '/proc/loadavg': () => `${loads(hardware)} 1/${facts.processes.all().length} ${facts.processes.all().at(-1)?.pid ?? 1}\n`,
    '/proc/cpuinfo': () => Array.from({ length: hardware.cpus }, (_, cpu) => cpuinfo(cpu, hardware.cpus)).join('\n'),
    '/proc/uptime': () =>
      `${(sinceBootMs() / 1000).toFixed(2)} ${((sinceBootMs() / 1000) * hardware.cpus * (1 - hardware.load)).toFixed(2)}\n`,
    '/proc/diskstats': () => diskstats(sinceBootMs()),
    '/proc/net/dev': () => networkDevices(facts.network, sinceBootMs()),
    '/proc/version': () => `Linux version ${hardware.kernelRelease} (minos@simulation) #1 SMP\n`,
    '/proc/cmdline': () => 'console=ttyS0 panic=1\n',
    '/proc/filesystems': () => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\n\text4\n\tsquashfs\n',
    '/proc/sys/kernel/hostname': () => `${facts.hostname()}\n`,
    '/proc/sys/kernel/osrelease': () => `${hardware.kernelRelease}\n`,
    '/proc/sys/kernel/random/boot_id': () => `${facts.bootId}\n`,
    '/sys/devices/system/cpu/online': () => `0-${hardware.cpus - 1}\n`,
    '/sys/block/vda/size': () => '41943040\n',
    '/sys/block/vda/queue/rotational': () => '0\n',
  };
  for (const [path, generate] of Object.entries(files)) tree.addGenerated(path, generate);
  tree.addLink('/proc/mounts', 'self/mounts');
  tree.addFile('/dev/null', '', { mode: 0o666 });
}

function addProcessDirectory(tree: FileTree, facts: MachineFacts): void {
  const generated = () =>
    new Map(
      facts.processes.all().map((process) => [
        String(process.pid),
        {
          kind: 'directory' as const,
          meta: tree.meta(0o555, { uid: process.uid, gid: process.gid }),
          entries: new Map(processEntries(process, { tree, mounts: facts.mounts, sinceBootMs: facts.sinceBootMs })),
        },
      ]),
    );
  tree.put(tree.place('/proc', 'mkdir'), { kind: 'directory', meta: tree.meta(0o555), entries: new Map(), generated });
  tree.addLink('/proc/self', '2');
}

function meminfo(hardware: Hardware, processes: ProcessTable): string {
  const total = Math.floor(hardware.memoryBytes / 1024);
  const used = Math.floor(processes.all().reduce((sum, process) => sum + process.residentBytes, 0) / 1024) + 65_536;
  const cached = Math.floor(total / 8);
  const rows: readonly (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', Math.max(0, total - used - cached)],
    ['MemAvailable', Math.max(0, total - used)],
    ['Buffers', 2048],
    ['Cached', cached],
    ['SwapCached', 0],
    ['Active', Math.floor(used / 2)],
    ['Inactive', Math.floor(used / 2)],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Dirty', 16],
    ['AnonPages', used],
    ['Mapped', 40_960],
    ['Shmem', 4096],
    ['Slab', 20_480],
    ['SReclaimable', 12_288],
    ['SUnreclaim', 8192],
    ['KernelStack', 2048],
    ['PageTables', 4096],
  ];
  return rows.map(([name, kib]) => `${`${name}:`.padEnd(16)}${String(kib).padStart(8)} kB\n`).join('');
}

function stat(hardware: Hardware, facts: MachineFacts): string {
  const ticks = Math.floor(facts.sinceBootMs() / 10);
  const busy = Math.floor(ticks * hardware.load);
  const row = (name: string, times: number): string => {
    const user = Math.floor(busy * 0.7) * times;
    return `${name} ${user} 0 ${busy * times - user} ${(ticks - busy) * times} ${Math.floor(ticks / 1000)} 0 0 0 0 0\n`;
  };
  const cpus = Array.from({ length: hardware.cpus }, (_, cpu) => row(`cpu${cpu}`, 1)).join('');
  const tail = [
    `intr ${ticks} 0`,
    `ctxt ${ticks * 3}`,
    `btime ${Math.floor(facts.bootTimeMs() / 1000)}`,
    `processes ${facts.processes.all().at(-1)?.pid ?? 1}`,
    'procs_running 1',
    'procs_blocked 0',
    `softirq ${ticks} 0 0 0 0 0 0 0 0 0 0`,
  ];
  return `${row('cpu ', hardware.cpus)}${cpus}${tail.join('\n')}\n`;
}

function loads({ load, cpus }: Hardware): string {
  return [1, 0.9, 0.8].map((factor) => (load * cpus * factor).toFixed(2)).join(' ');
}

function cpuinfo(cpu: number, cpus: number): string {
  const rows: readonly (readonly [string, string | number])[] = [
    ['processor', cpu],
    ['vendor_id', 'GenuineIntel'],
    ['cpu family', 6],
    ['model', 106],
    ['model name', 'Simulated CPU @ 2.00GHz'],
    ['stepping', 6],
    ['microcode', '0x1'],
    ['cpu MHz', '2000.000'],
    ['cache size', '16384 KB'],
    ['physical id', 0],
    ['siblings', cpus],
    ['core id', cpu],
    ['cpu cores', cpus],
    ['fpu', 'yes'],
    ['flags', 'fpu vme sse sse2 aes avx'],
    ['bogomips', '4000.00'],
  ];
  return rows.map(([name, value]) => `${name}\t: ${value}\n`).join('');
}

function diskstats(sinceBootMs: number): string {
  const done = Math.floor(sinceBootMs / 50);
  const row = (minor: number, name: string): string =>
    ` 254       ${minor} ${name} ${done} 0 ${done * 8} ${done} ${done >> 1} 0 ${done * 4} ${done} 0 ${done} ${done * 2}\n`;
  return row(0, 'vda') + row(1, 'vda1');
}

function networkDevices(network: SimulatedNetwork, sinceBootMs: number): string {
  const header =
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
  const packets = Math.floor(sinceBootMs / 100);
  const rows = [...network.state.links.values()].map((link) => {
    const n = link.isUp ? packets : 0;
    return `${link.name.padStart(6)}: ${n * 120} ${n} 0 0 0 0 0 0 ${n * 100} ${n} 0 0 0 0 0 0\n`;
  });
  return header + rows.join('');
}
