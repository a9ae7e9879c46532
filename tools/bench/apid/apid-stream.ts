import { join } from 'node:path';
import type { Measurement } from '../measurement.ts';
import { h2load } from './h2load.ts';
import { cpuSeconds, residentMib } from './process-use.ts';
import { Stage } from './stage.ts';

const BYTES = 256 * 1024 * 1024;
const STREAMS = 3;
const ROUNDS = 3;

interface Measured {
  readonly mbPerSecond: number;
  readonly cpuSeconds: number;
}

async function measure(stage: Stage, port: number, pid: number): Promise<Measured> {
  const before = await cpuSeconds(pid);
  const { seconds } = await h2load({
    url: `https://127.0.0.1:${port}/machine.MachineService/Dmesg`,
    ...{ requests: STREAMS, connections: 1, streams: 1 },
    ...{ body: join(stage.folder, 'empty'), log: join(stage.folder, 'times') },
  });
  return { mbPerSecond: (BYTES * STREAMS) / 1e6 / seconds, cpuSeconds: (await cpuSeconds(pid)) - before };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Long answers in messages of 32 KiB through apid, beside the least pass-through on node:http2; both with TLS in front. */
export const apidStream: Measurement = {
  name: 'apid:stream',
  run: async ({ root, node }) => {
    await using stage = await Stage.set({ root, node, nodes: 1, streamBytes: BYTES });
    const [apidPid, passPid] = [await stage.startApid(), await stage.startPassThrough()];
    const apid: Measured[] = [];
    const passThrough: Measured[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      passThrough.push(await measure(stage, stage.passThroughPort, passPid));
      apid.push(await measure(stage, stage.apidPort, apidPid));
    }
    const speed = (all: readonly Measured[]): number => middle(all.map((m) => m.mbPerSecond));
    const cpu = (all: readonly Measured[]): number => middle(all.map((m) => m.cpuSeconds));
    const two = (value: number): number => Number(value.toFixed(2));
    return [
      { name: 'stream: pass-through', value: Math.round(speed(passThrough)), unit: 'MB/s' },
      { name: 'stream: apid', value: Math.round(speed(apid)), unit: 'MB/s' },
      { name: 'stream CPU: pass-through', value: two(cpu(passThrough)), unit: 's' },
      { name: 'stream CPU: apid', value: two(cpu(apid)), unit: 's' },
      { name: 'stream MB/s: apid / pass-through', value: two(speed(apid) / speed(passThrough)), unit: '×', atLeast: 1.1 },
      { name: 'stream CPU: apid / pass-through', value: two(cpu(apid) / cpu(passThrough)), unit: '×', atMost: 0.8 },
      { name: 'apid resident: after streams', value: Math.round(await residentMib(apidPid)), unit: 'MiB', atMost: 130 },
    ];
  },
};
