import { createConnection } from 'node:net';
import type { Clock } from '@minos/base';

/** The port of a node's API. */
export const API_PORT = 50_000;
const EVERY_MS = 50;
const CONNECT_MS = 1000;

/** What waiting needs; for ever without a limit. */
export interface ListeningOptions {
  readonly clock: Clock;
  readonly withinMs?: number;
  readonly signal: AbortSignal;
}

/** Waits until somebody listens on the API port of a node; false when nobody does in time. */
export async function untilListening(host: string, { clock, withinMs, signal }: ListeningOptions): Promise<boolean> {
  const until = withinMs === undefined ? Number.POSITIVE_INFINITY : clock.monotonicMs() + withinMs;
  while (!(await listens(host))) {
    if (clock.monotonicMs() > until) return false;
    await clock.sleep(EVERY_MS, signal);
  }
  return true;
}

function listens(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: API_PORT, timeout: CONNECT_MS });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
