import { join } from 'node:path';
import type { Figure, Measurement } from '../measurement.ts';
import { h2load } from './h2load.ts';
import { cpuSeconds, residentMib } from './process-use.ts';
import { Stage } from './stage.ts';

const REQUESTS = 10_000_000;
const STREAMED_GIB = 10;
const STREAM_BYTES = 256 * 1024 * 1024;
const ROUND = 250_000;
const GIB = 2 ** 30;

/**
 * What apid holds after ten million requests and ten gigabytes: a quarter of an hour. `MINOS_BENCH_SCALE=0.1` does a tenth, and
 * the figures say how much it was.
 */
export const apidMemory: Measurement = {
  name: 'apid-memory',
  isOnDemand: true,
  run: async ({ root, node }) => {
    const scale = Number(process.env['MINOS_BENCH_SCALE'] ?? 1);
    const rows: Figure[] = [];
    const add = (name: string, value: number, more: Partial<Figure> = {}): void => {
      rows.push({ name: `apid resident: ${name}`, value: Math.round(value * 10) / 10, unit: 'MiB', ...more });
    };
    await using stage = await Stage.set({ root, node, nodes: 1, streamBytes: STREAM_BYTES });
    const pid = await stage.startApid();
    add('idle', await residentMib(pid), { atMost: 80 });
    const load = async (method: string, shape: { requests: number; connections: number; streams: number }): Promise<void> => {
      const url = `https://127.0.0.1:${stage.apidPort}/machine.MachineService/${method}`;
      await h2load({ url, ...shape, body: join(stage.folder, 'empty') });
    };
    const gib = Math.max(1, Math.round(STREAMED_GIB * scale));
    for (let n = 1; n <= gib; n++) {
      await load('Dmesg', { requests: GIB / STREAM_BYTES, connections: 2, streams: 2 });
      if (n === 1 || n === gib) add(`after ${n} GiB streamed`, await residentMib(pid), { atMost: 130 });
    }
    await stage.replaceBackend(0);
    const requests = Math.max(ROUND, Math.round((REQUESTS * scale) / ROUND) * ROUND);
    const before = await cpuSeconds(pid);
    for (let done = 0; done < requests; ) {
      await load('Version', { requests: ROUND, connections: 8, streams: 16 });
      done += ROUND;
      if (done === ROUND || done === requests) {
        add(`after ${done / 1e6} million requests more`, await residentMib(pid), { atMost: 130 });
      }
    }
    rows.push({
      name: 'CPU for each of them',
      value: Math.round((((await cpuSeconds(pid)) - before) / requests) * 1e8) / 100,
      unit: 'µs',
    });
    return rows;
  },
};
