import type { Figure, Measurement } from '../measurement.ts';
import { residentMib } from './process-use.ts';
import { Stage } from './stage.ts';

const ROUNDS = 40;
/** With so many nodes the promise is about the bare loop, with more about the time itself. */
const FEW = 100;
const MANY = 1000;

/** One call to many nodes over mutual TLS through apid, beside a bare loop over as many connections. */
export const apidFanOut: Measurement = {
  name: 'apid:fan-out',
  run: async ({ root, node }) => {
    const rows: Figure[] = [];
    for (const nodes of [FEW, MANY]) {
      await using stage = await Stage.set({ root, node, nodes, streamBytes: 0 });
      await stage.startNodes();
      const pid = await stage.startApid();
      const before = await residentMib(pid);
      const rounds = nodes === FEW ? ROUNDS : ROUNDS / 4;
      const bare = await stage.fanOut('bare', rounds);
      const apid = await stage.fanOut('apid', rounds);
      const ms = (name: string, value: number, more: Partial<Figure> = {}): void => {
        rows.push({ name: `fan-out ${nodes}: ${name}`, value: Number(value.toFixed(1)), unit: 'ms', ...more });
      };
      ms('bare loop, cold', bare.cold);
      ms('bare loop, p50', bare.warm);
      ms('apid, cold', apid.cold);
      ms('apid, p50', apid.warm, nodes === MANY ? { atMost: 200 } : {});
      const times = (name: string, value: number, atMost: number): void => {
        rows.push({ name: `fan-out ${nodes}: ${name}`, value: Number(value.toFixed(2)), unit: '×', atMost });
      };
      if (nodes === FEW) times('p50, apid / bare loop', apid.warm / bare.warm, 1);
      else times('cold, apid / bare loop', apid.cold / bare.cold, 1.5);
      const grown = (await residentMib(pid)) - before;
      if (nodes === MANY) rows.push({ name: `fan-out ${nodes}: growth`, value: Math.round(grown), unit: 'MiB', atMost: 120 });
    }
    return rows;
  },
};
