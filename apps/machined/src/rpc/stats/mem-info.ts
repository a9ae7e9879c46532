import { MemInfo } from '@minos/api/machine';
import { count } from './count.ts';

/** Fields of MemInfo by the names in /proc/meminfo; all in kB but the counts of huge pages. */
const FIELDS = {
  MemTotal: 'memtotal',
  MemFree: 'memfree',
  MemAvailable: 'memavailable',
  Buffers: 'buffers',
  Cached: 'cached',
  SwapCached: 'swapcached',
  Active: 'active',
  Inactive: 'inactive',
  'Active(anon)': 'activeanon',
  'Inactive(anon)': 'inactiveanon',
  'Active(file)': 'activefile',
  'Inactive(file)': 'inactivefile',
  Unevictable: 'unevictable',
  Mlocked: 'mlocked',
  SwapTotal: 'swaptotal',
  SwapFree: 'swapfree',
  Dirty: 'dirty',
  Writeback: 'writeback',
  AnonPages: 'anonpages',
  Mapped: 'mapped',
  Shmem: 'shmem',
  Slab: 'slab',
  SReclaimable: 'sreclaimable',
  SUnreclaim: 'sunreclaim',
  KernelStack: 'kernelstack',
  PageTables: 'pagetables',
  NFS_Unstable: 'nfsunstable',
  Bounce: 'bounce',
  WritebackTmp: 'writebacktmp',
  CommitLimit: 'commitlimit',
  Committed_AS: 'committedas',
  VmallocTotal: 'vmalloctotal',
  VmallocUsed: 'vmallocused',
  VmallocChunk: 'vmallocchunk',
  HardwareCorrupted: 'hardwarecorrupted',
  AnonHugePages: 'anonhugepages',
  ShmemHugePages: 'shmemhugepages',
  ShmemPmdMapped: 'shmempmdmapped',
  CmaTotal: 'cmatotal',
  CmaFree: 'cmafree',
  HugePages_Total: 'hugepagestotal',
  HugePages_Free: 'hugepagesfree',
  HugePages_Rsvd: 'hugepagesrsvd',
  HugePages_Surp: 'hugepagessurp',
  Hugepagesize: 'hugepagesize',
  DirectMap4k: 'directmap4k',
  DirectMap2M: 'directmap2m',
  DirectMap1G: 'directmap1g',
} as const satisfies Record<string, keyof MemInfo>;

/** Parses /proc/meminfo (proc_meminfo(5)); 0 for what the kernel does not tell. Pure. */
export function parseMemInfo(text: string): MemInfo {
  const lines = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  const values = Object.entries(FIELDS).map(([name, field]) => [field, count(lines.get(name)?.trim().split(' ')[0])]);
  return MemInfo.fromPartial(Object.fromEntries(values));
}
