import { basename } from 'node:path';
import type { FileTree } from '../files/file-tree.ts';
import type { TreeNode } from '../files/tree-node.ts';
import type { MountTable } from '../system/mount-table.ts';
import type { SimulatedProcess } from './process-table.ts';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** What the files of a process are made with. */
export interface ProcessFileParts {
  readonly tree: FileTree;
  readonly mounts: MountTable;
  readonly sinceBootMs: () => number;
}

/** The directory /proc/<pid> of a process (proc(5)), as entries. */
export function processEntries(process: SimulatedProcess, parts: ProcessFileParts): ReadonlyMap<string, TreeNode> {
  const { tree, mounts, sinceBootMs } = parts;
  const file = (name: string, generate: () => string): [string, TreeNode] => [
    name,
    { kind: 'generated', meta: tree.meta(0o444, { uid: process.uid, gid: process.gid }), generate },
  ];
  return new Map<string, TreeNode>([
    file('stat', () => statLine(process, cpuTicks(process, sinceBootMs()))),
    file('status', () => statusText(process)),
    file(
      'statm',
      () => `${pages(process.virtualBytes)} ${pages(process.residentBytes)} ${pages(process.residentBytes) >> 1} 1 0 1 0\n`,
    ),
    file('comm', () => `${nameOf(process)}\n`),
    file('cmdline', () => process.argv.map((word) => `${word}\0`).join('')),
    file('io', () => ioText(sinceBootMs() - process.startedSinceBootMs)),
    file('cgroup', () => `0::${process.cgroup}\n`),
    file('mountinfo', () => mounts.mountinfoText()),
    file('mounts', () => mounts.mountsText()),
    ['exe', { kind: 'symlink', meta: tree.meta(0o777), target: process.argv[0] ?? '/' }],
  ]);
}

function nameOf(process: SimulatedProcess): string {
  return basename(process.argv[0] ?? '').slice(0, 15);
}

function pages(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}

function cpuTicks(process: SimulatedProcess, sinceBootMs: number): number {
  return Math.floor((process.cpuShare * TICKS_PER_SECOND * Math.max(0, sinceBootMs - process.startedSinceBootMs)) / 1000);
}

function statLine(process: SimulatedProcess, ticks: number): string {
  const started = Math.floor((process.startedSinceBootMs * TICKS_PER_SECOND) / 1000);
  const user = Math.floor(ticks * 0.7);
  const head = [process.pid, `(${nameOf(process)})`, 'S', process.parentPid, process.pid, process.pid, 0, -1, 4_194_560];
  const usage = [1200, 0, 3, 0, user, ticks - user, 0, 0, 20, 0, process.threads, 0, started];
  const memory = [process.virtualBytes, pages(process.residentBytes), '18446744073709551615'];
  return `${[...head, ...usage, ...memory, ...Array(27).fill(0)].join(' ')}\n`;
}

function statusText(process: SimulatedProcess): string {
  const ids = (id: number): string => [id, id, id, id].join('\t');
  return [
    `Name:\t${nameOf(process)}`,
    'Umask:\t0022',
    'State:\tS (sleeping)',
    `Tgid:\t${process.pid}`,
    `Pid:\t${process.pid}`,
    `PPid:\t${process.parentPid}`,
    `Uid:\t${ids(process.uid)}`,
    `Gid:\t${ids(process.gid)}`,
    `VmSize:\t${Math.round(process.virtualBytes / 1024)} kB`,
    `VmRSS:\t${Math.round(process.residentBytes / 1024)} kB`,
    `Threads:\t${process.threads}`,
    '',
  ].join('\n');
}

function ioText(ageMs: number): string {
  const bytes = Math.floor(Math.max(0, ageMs)) * 16;
  return `rchar: ${bytes * 2}\nwchar: ${bytes}\nsyscr: ${bytes >> 8}\nsyscw: ${bytes >> 9}\nread_bytes: ${bytes}\nwrite_bytes: ${bytes}\ncancelled_write_bytes: 0\n`;
}
