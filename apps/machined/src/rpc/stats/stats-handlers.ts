import { DiskStat, type MachineServiceDefinition, type MountStat, NetDev } from '@minos/api/machine';
import { messageOf } from '@minos/base';
import type { Implementation } from '@minos/rpc';
import type { HandlerDeps } from '../handler-deps.ts';
import { readCpuFrequencies } from './cpu-freq-stats.ts';
import { parseCpuInfo } from './cpu-info.ts';
import { parseDiskStats } from './disk-stats.ts';
import { parseLoadAvg } from './load-avg.ts';
import { parseMemInfo } from './mem-info.ts';
import { type MountLine, parseMounts } from './mount-table.ts';
import { parseNetworkDevices } from './network-device-stats.ts';
import { sumCounters } from './sum-counters.ts';
import { parseSystemStat } from './system-stat.ts';

type Stats = 'Memory' | 'CPUInfo' | 'LoadAvg' | 'SystemStat' | 'DiskStats' | 'NetworkDeviceStats' | 'Mounts' | 'CPUFreqStats';

const metadata = undefined;

/** The counters of the kernel, from /proc and /sys; one message, whose metadata apid fills in. */
export function statsHandlers(deps: HandlerDeps): Pick<Implementation<typeof MachineServiceDefinition>, Stats> {
  const { files, system } = deps.host;
  return {
    Memory: async () => ({ messages: [{ metadata, meminfo: parseMemInfo(await files.readText('/proc/meminfo')) }] }),
    CPUInfo: async () => ({ messages: [{ metadata, cpuInfo: parseCpuInfo(await files.readText('/proc/cpuinfo')) }] }),
    LoadAvg: async () => ({ messages: [parseLoadAvg(await files.readText('/proc/loadavg'))] }),
    SystemStat: async () => ({ messages: [parseSystemStat(await files.readText('/proc/stat'), system.ticksPerSecond)] }),
    DiskStats: async () => {
      const devices = parseDiskStats(await files.readText('/proc/diskstats'));
      return { messages: [{ metadata, total: sumCounters(devices, DiskStat.fromPartial({})), devices }] };
    },
    NetworkDeviceStats: async () => {
      const devices = parseNetworkDevices(await files.readText('/proc/net/dev'));
      return { messages: [{ metadata, total: sumCounters(devices, NetDev.fromPartial({})), devices }] };
    },
    Mounts: async () => {
      const lines = parseMounts(await files.readText('/proc/self/mounts'));
      const stats = await Promise.all(lines.map((line) => mountStat(deps, line)));
      return { messages: [{ metadata, stats }] };
    },
    CPUFreqStats: async () => ({ messages: [{ metadata, cpuFreqStats: await readCpuFrequencies(files) }] }),
  };
}

/** A mount whose space cannot be asked for, such as one that is shadowed, is told without. */
async function mountStat({ host, log }: HandlerDeps, line: MountLine): Promise<MountStat> {
  const known = { filesystem: line.source, mountedOn: line.target };
  try {
    const { totalBytes, availableBytes } = await host.files.space(line.target);
    return { ...known, size: totalBytes, available: availableBytes };
  } catch (e) {
    log.debug({ path: line.target, err: messageOf(e) }, 'space of a mount unknown');
    return { ...known, size: 0n, available: 0n };
  }
}
