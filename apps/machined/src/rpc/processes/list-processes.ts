import { ProcessInfo } from '@minos/api/machine';
import type { Host } from '@minos/host';
import { parseProcessStat } from './process-stat.ts';

/** So many processes are looked at at once: reads of /proc take a thread of libuv each. */
const AT_ONCE = 8;

/** Every process in /proc, by number; those that end meanwhile are left out. */
export async function listProcesses(host: Pick<Host, 'files' | 'system'>): Promise<ProcessInfo[]> {
  const pids = (await host.files.list('/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  const found: ProcessInfo[] = [];
  for (let from = 0; from < pids.length; from += AT_ONCE) {
    const some = await Promise.all(pids.slice(from, from + AT_ONCE).map((pid) => readProcess(host, pid)));
    found.push(...some.filter((info) => info !== undefined));
  }
  return found;
}

async function readProcess({ files, system }: Pick<Host, 'files' | 'system'>, pid: number): Promise<ProcessInfo | undefined> {
  const folder = `/proc/${pid}`;
  const text = (name: string): Promise<string> => files.readText(`${folder}/${name}`).catch(() => '');
  const [statText, commandLine, label, executable] = await Promise.all([
    text('stat'),
    text('cmdline'),
    text('attr/current'),
    files.readLink(`${folder}/exe`).catch(() => ''),
  ]);
  const stat = parseProcessStat(statText);
  if (stat === undefined) return undefined;
  return ProcessInfo.fromPartial({
    pid,
    ppid: stat.parentPid,
    state: stat.state,
    threads: stat.threads,
    cpuTime: stat.cpuTicks / system.ticksPerSecond,
    virtualMemory: stat.virtualBytes,
    residentMemory: stat.residentPages * BigInt(system.pageSizeBytes),
    command: stat.command,
    executable,
    args: commandLine.replace(/\0+$/, '').replaceAll('\0', ' '),
    label: label.replace(/[\0\n]+$/, ''),
  });
}
