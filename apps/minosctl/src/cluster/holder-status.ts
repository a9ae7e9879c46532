import { readFile } from 'node:fs/promises';
import { hasCode } from '@minos/base';

/** What a holder last wrote about its node. */
export interface HolderStatus {
  readonly state: 'running' | 'stopped';
  /** PID 1 of the node as the host sees it; 0 when it is down. */
  readonly pid: number;
  /** How often it was started. */
  readonly starts: number;
}

/** Reads the status file of a holder; undefined when there is none, or none that can be read. */
export async function readHolderStatus(path: string): Promise<HolderStatus | undefined> {
  try {
    return parseHolderStatus(JSON.parse(await readFile(path, 'utf8')));
  } catch (e) {
    if (hasCode(e, 'ENOENT') || e instanceof SyntaxError) return undefined;
    throw e;
  }
}

/** Reads what a holder wrote; undefined when it is something else. Pure. */
export function parseHolderStatus(value: unknown): HolderStatus | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const state = 'state' in value && (value.state === 'running' || value.state === 'stopped') ? value.state : undefined;
  const pid = 'pid' in value && typeof value.pid === 'number' ? value.pid : undefined;
  const starts = 'starts' in value && typeof value.starts === 'number' ? value.starts : undefined;
  if (state === undefined || pid === undefined || starts === undefined) return undefined;
  return { state, pid, starts };
}
