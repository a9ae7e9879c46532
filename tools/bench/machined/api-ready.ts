import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Fault, systemClock } from '@minos/base';
import { type Figure, median } from '../measurement.ts';
import type { BenchNode } from './bench-node.ts';

const TIMES = 7;
const POLL_MS = 1;
const TRIES = 20_000;
/** So that each start is one of a machined that had served for a while. */
const APART_MS = 2000;

function pause(ms: number): Promise<void> {
  return systemClock.sleep(ms, AbortSignal.timeout(ms * 10 + 1000));
}

/** The machined below PID 1, when there is another one than before. */
async function nextMachined(pid1: number, before: number): Promise<number> {
  for (let n = 0; n < TRIES; n++) {
    const children = (await readFile(`/proc/${pid1}/task/${pid1}/children`, 'utf8')).trim().split(' ').map(Number);
    for (const pid of children.filter((p) => p > before)) {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      if (/^\/sbin\/machined\0/.test(commandLine)) return pid;
    }
    await pause(POLL_MS);
  }
  throw new Fault('deadline', 'machined was not started again');
}

/** Waits until somebody answers on a Unix socket. */
async function answered(path: string): Promise<void> {
  for (let n = 0; n < TRIES; n++) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(path, () => resolve(true));
      socket.once('connect', () => socket.destroy());
      socket.once('error', () => resolve(false));
    });
    if (isThere) return;
    await pause(POLL_MS);
  }
  throw new Fault('deadline', `nobody answers on ${path}`);
}

/** From the exec of machined in a running node until its API takes connections: it is killed, and started again by init. */
export async function apiReady(node: BenchNode): Promise<readonly Figure[]> {
  const pid1 = await node.pid1();
  const socket = `/proc/${pid1}/root/system/run/machined/machine.sock`;
  const value = await median(TIMES, async () => {
    await pause(APART_MS);
    const before = await node.machinedPid();
    process.kill(before, 'SIGKILL');
    await nextMachined(pid1, before);
    const began = performance.now();
    await answered(socket);
    return performance.now() - began;
  });
  return [{ name: 'machined: exec to API ready', value: Math.round(value), unit: 'ms' }];
}
