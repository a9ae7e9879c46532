import { expect, test } from '@jest/globals';
import { RebootRequest_Mode as Mode } from '@minos/api/machine';
import { ADMIN, type RunningNode, simulatedNode } from '../node-config/testing/running-node.ts';
import { rebootSequence } from '../sequence/reboot-sequence.ts';
import type { Sequence } from '../sequence/sequence.ts';
import { shutdownSequence } from '../sequence/shutdown-sequence.ts';
import { parseGoingDown, rebootOf, shutdownOf } from './power-request.ts';

const phases = <M>(sequence: Sequence<M>): readonly string[] => sequence.phases.map(({ name }) => name);
/** networkd does not heed SIGTERM; the grace that a service has is 15 s. */
const deaf = (fixture: string): string =>
  fixture.replace('    networkd:\n        log:', '    networkd:\n        ignoresStop: true\n        log:');

test('a restart by power cycle is an ordinary one, and a forced one is remembered as such', () => {
  expect(rebootOf(Mode.DEFAULT)).toEqual({ kind: 'reboot' });
  expect(rebootOf(Mode.POWERCYCLE)).toEqual({ kind: 'reboot' });
  expect(shutdownOf(false)).toEqual({ kind: 'shutdown' });
  for (const request of [rebootOf(Mode.FORCE), shutdownOf(true)]) {
    expect(request).toMatchObject({ isForced: true });
    expect(parseGoingDown(JSON.parse(JSON.stringify(request)))).toEqual(request);
  }
});

test('a forced restart stops no services; a forced shutdown does, for those who wait for that', () => {
  expect(phases(rebootSequence(rebootOf(Mode.DEFAULT)))).toEqual(['announce', 'stopServices', 'holdDown', 'reboot']);
  expect(phases(rebootSequence(rebootOf(Mode.FORCE)))).toEqual(['announce', 'holdDown', 'reboot']);
  expect(phases(shutdownSequence(shutdownOf(true)))).toEqual(['announce', 'stopServices', 'holdDown', 'shutdown']);
});

const FORCED: readonly (readonly [string, string, (node: RunningNode) => Promise<unknown>])[] = [
  ['restart', 'reboot', (node) => node.machine.Reboot({ mode: Mode.FORCE }, ADMIN)],
  ['shutdown', 'poweroff', (node) => node.machine.Shutdown({ force: true }, ADMIN)],
];

test.each(FORCED)('a forced %s does not wait for a service that does not stop', async (_name, power, start) => {
  await using it = await simulatedNode(deaf);
  const node = await it.start();
  await node.untilReady();
  await start(node);
  expect(await it.world.host.powered).toBe(power);
  expect(it.log.lines.map(({ message }) => message)).not.toContain('service did not stop in time, killing it');
});

test('an ordinary restart waits for a service that does not stop until it is killed', async () => {
  await using it = await simulatedNode(deaf);
  const node = await it.start();
  await node.untilReady();
  await node.machine.Reboot({ mode: Mode.POWERCYCLE }, ADMIN);
  expect(await it.world.host.powered).toBe('reboot');
  expect(it.log.lines.map(({ message }) => message)).toContain('service did not stop in time, killing it');
}, 60_000);
