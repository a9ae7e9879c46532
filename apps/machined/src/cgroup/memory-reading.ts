import type { Files } from '@minos/host';
import { readAttribute } from '../runtime/read-attribute.ts';
import { CGROUP_ROOT } from './cgroup-root.ts';

/** What the memory of a cgroup is like at one moment. */
export interface MemoryReading {
  readonly bytes: number;
  /** The most since the group was made; undefined before Linux 5.19. */
  readonly peakBytes: number | undefined;
  /** Undefined for none. */
  readonly limitBytes: number | undefined;
  /** How often the limit was hit with nothing left to give back. */
  readonly limitHits: number;
  /** How many processes the kernel has killed for want of memory, by this limit or by that of the machine. */
  readonly kills: number;
}

/** The memory of a service's cgroup; undefined where there is no cgroup v2 with a memory controller. */
export async function readMemory(files: Files, id: string): Promise<MemoryReading | undefined> {
  const read = (name: string): Promise<string> => readAttribute(files, `${CGROUP_ROOT}/system/${id}/memory.${name}`);
  const [current, peak, max, events] = await Promise.all([read('current'), read('peak'), read('max'), read('events')]);
  return parseMemory({ current, peak, max, events });
}

/** Reads the texts of memory.current, memory.peak, memory.max and memory.events (cgroup-v2.rst); pure. */
export function parseMemory(text: Readonly<Record<'current' | 'peak' | 'max' | 'events', string>>): MemoryReading | undefined {
  const bytes = numberIn(/^(\d+)$/, text.current);
  if (bytes === undefined) return undefined;
  return {
    bytes,
    peakBytes: numberIn(/^(\d+)$/, text.peak),
    limitBytes: numberIn(/^(\d+)$/, text.max),
    limitHits: numberIn(/^oom (\d+)$/m, text.events) ?? 0,
    kills: numberIn(/^oom_kill (\d+)$/m, text.events) ?? 0,
  };
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
