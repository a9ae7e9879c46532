import { join } from 'node:path';
import type { Figure, Measurement } from '../measurement.ts';
import { h2load, type LoadResult } from './h2load.ts';
import { cpuSeconds, residentMib } from './process-use.ts';
import { Stage } from './stage.ts';

const METHOD = '/machine.MachineService/Version';
const MANY = { requests: 60_000, connections: 4, streams: 16 };
const ONE = { requests: 6000, connections: 1, streams: 1 };
const ROUNDS = 3;

interface Side {
  readonly url: string;
  readonly pid: number | undefined;
}

interface Measured {
  readonly many: LoadResult;
  readonly one: LoadResult;
  /** CPU of the proxy for each request of `many`, in µs. */
  readonly cpuUs: number;
}

async function measure(stage: Stage, { url, pid }: Side): Promise<Measured> {
  const files = { url, body: join(stage.folder, 'empty'), log: join(stage.folder, 'times') };
  const before = pid === undefined ? 0 : await cpuSeconds(pid);
  const many = await h2load({ ...files, ...MANY });
  const after = pid === undefined ? 0 : await cpuSeconds(pid);
  const one = await h2load({ ...files, ...ONE });
  return { many, one, cpuUs: ((after - before) * 1e6) / MANY.requests };
}

/** The middle of some values, by a key. */
function middle(all: readonly Measured[], of: (measured: Measured) => number): number {
  const values = all.map(of).sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}

function figures(direct: readonly Measured[], passThrough: readonly Measured[], apid: readonly Measured[]): Figure[] {
  const rows: Figure[] = [];
  const ratio = (name: string, of: (measured: Measured) => number, promise: Partial<Figure>): void => {
    rows.push({ name, value: round(middle(apid, of) / middle(passThrough, of)), unit: '×', ...promise });
  };
  for (const [name, all] of Object.entries({ direct, 'pass-through': passThrough, apid })) {
    rows.push({ name: `unary c4m16: ${name}`, value: Math.round(middle(all, (m) => m.many.requestsPerSecond)), unit: '/s' });
    rows.push({ name: `unary c1m1 mean: ${name}`, value: Math.round(middle(all, (m) => m.one.meanUs)), unit: 'µs' });
    rows.push({ name: `unary c1m1 p99: ${name}`, value: Math.round(middle(all, (m) => m.one.p99Us)), unit: 'µs' });
    if (name !== 'direct') rows.push({ name: `unary c4m16 CPU: ${name}`, value: round(middle(all, (m) => m.cpuUs)), unit: 'µs' });
  }
  ratio('unary CPU: apid / pass-through', (m) => m.cpuUs, { atMost: 0.25 });
  ratio('unary requests/s: apid / pass-through', (m) => m.many.requestsPerSecond, { atLeast: 2.5 });
  ratio('unary c1m1 mean: apid / pass-through', (m) => m.one.meanUs, { atMost: 0.8 });
  ratio('unary c1m1 p99: apid / pass-through', (m) => m.one.p99Us, { atMost: 0.8 });
  const rps = (m: Measured): number => m.many.requestsPerSecond;
  rows.push({
    name: 'unary requests/s: apid / direct',
    value: round(middle(apid, rps) / middle(direct, rps)),
    unit: '×',
    atLeast: 0.45,
  });
  return rows;
}

function round(value: number): number {
  return Number(value.toFixed(3));
}

/** Single replies through apid, beside the least pass-through on node:http2 and a native server without a proxy; all with TLS. */
export const apidUnary: Measurement = {
  name: 'apid:unary',
  run: async ({ root, node }) => {
    await using stage = await Stage.set({ root, node, nodes: 1, streamBytes: 0 });
    await stage.startDirect();
    const [apidPid, passPid] = [await stage.startApid(), await stage.startPassThrough()];
    const idle = await residentMib(apidPid);
    const at = (port: number): string => `https://127.0.0.1:${port}${METHOD}`;
    const sides = {
      direct: { url: at(stage.nodePort), pid: undefined },
      passThrough: { url: at(stage.passThroughPort), pid: passPid },
      apid: { url: at(stage.apidPort), pid: apidPid },
    };
    const measured = { direct: [] as Measured[], passThrough: [] as Measured[], apid: [] as Measured[] };
    // Warm all once; then in turn, so that a disturbance of the machine hits all.
    for (const side of Object.values(sides)) await measure(stage, side);
    for (let n = 0; n < ROUNDS; n++) {
      measured.direct.push(await measure(stage, sides.direct));
      measured.passThrough.push(await measure(stage, sides.passThrough));
      measured.apid.push(await measure(stage, sides.apid));
    }
    const after = await residentMib(apidPid);
    await stage.end(apidPid);
    const wayBack = { url: at(stage.apidPort), pid: await stage.startApid(['--http2', 'node']) };
    await measure(stage, wayBack);
    const { many, cpuUs } = await measure(stage, wayBack);
    return [
      ...figures(measured.direct, measured.passThrough, measured.apid),
      { name: 'apid resident: idle', value: Math.round(idle), unit: 'MiB', atMost: 80 },
      { name: 'apid resident: after unary load', value: Math.round(after), unit: 'MiB', atMost: 130 },
      { name: 'unary c4m16: apid --http2 node', value: Math.round(many.requestsPerSecond), unit: '/s' },
      { name: 'unary c4m16 CPU: apid --http2 node', value: round(cpuUs), unit: 'µs' },
    ];
  },
};
