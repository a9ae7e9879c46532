import { expect, test } from '@jest/globals';
import { planBatches, quorumProblem, type WriteTarget } from './write-plan.ts';

const target = (node: string, downtime: WriteTarget['downtime'] = 'comes-back'): WriteTarget => ({
  node,
  hostname: undefined,
  kind: 'controlplane',
  downtime,
  gets: '',
});

test('batches hold every node once, in order, none larger than allowed', () => {
  for (let count = 0; count <= 9; count++) {
    const nodes = Array.from({ length: count }, (_, i) => i);
    for (let canary = 0; canary <= 4; canary++) {
      for (let maxUnavailable = 0; maxUnavailable <= 4; maxUnavailable++) {
        const batches = planBatches(nodes, { canary, maxUnavailable });
        expect(batches.flat()).toEqual(nodes);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
        const rest = canary > 0 ? batches.slice(1) : batches;
        if (maxUnavailable > 0) expect(rest.every((batch) => batch.length <= maxUnavailable)).toBe(true);
        if (canary > 0 && count > 0) expect(batches[0]).toHaveLength(Math.min(canary, count));
      }
    }
  }
});

test('whatever the batches, a write that is let through leaves a majority of healthy control planes at every moment', () => {
  for (let total = 1; total <= 7; total++) {
    for (let ill = 0; ill < total; ill++) {
      const planes = Array.from({ length: total }, (_, i) => ({ address: `n${i}`, isHealthy: i >= ill }));
      for (let size = 1; size <= total; size++) {
        for (const downtime of ['comes-back', 'stays-down'] as const) {
          const batches = planBatches(
            planes.map(({ address }) => target(address, downtime)),
            { canary: 0, maxUnavailable: size },
          );
          if (quorumProblem(batches, planes) !== undefined) continue;
          let gone = 0;
          for (const batch of batches) {
            const down = batch.filter(({ node }) => planes.some((p) => p.address === node && p.isHealthy)).length;
            if (down > 0) expect(total - ill - gone - down).toBeGreaterThan(Math.floor(total / 2));
            if (downtime === 'stays-down') gone += down;
          }
        }
      }
    }
  }
});

test('workers and nodes that stay up take nothing away', () => {
  const planes = [{ address: 'n0', isHealthy: true }];
  expect(quorumProblem([[target('w0')], [target('n0', 'none')]], planes)).toBeUndefined();
});
