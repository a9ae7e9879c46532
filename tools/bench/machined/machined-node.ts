import type { Measurement } from '../measurement.ts';
import { apiReady } from './api-ready.ts';
import { BenchNode } from './bench-node.ts';
import { listMillion } from './list-million.ts';

/** What machined of a real node takes: to be there again, and to tell of a million files. */
export const machinedNode: Measurement = {
  name: 'machined:node',
  run: async (context) => {
    await using node = await BenchNode.start(context);
    return [...(await apiReady(node)), ...(await listMillion(context, node))];
  },
};
