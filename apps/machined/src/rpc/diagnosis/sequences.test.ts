import { expect, test } from '@jest/globals';
import { Progress } from '@minos/api/minos';
import { eventually } from '@minos/testkit';
import { ADMIN, simulatedNode } from '../../node-config/testing/running-node.ts';
import { TAKEOVER } from '../../sequence/sequence.ts';
import { SEQUENCES } from './sequence-messages.ts';

test('every sequence of the node is told, once, and so is each sequence that the table of takeovers knows', () => {
  expect(SEQUENCES.map(({ name }) => name).sort()).toEqual(Object.keys(TAKEOVER).sort());
});

test('a node that is up shows what it did at boot, what it left out, and what it has not done yet', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  const { sequences } = await eventually(
    async () => {
      const answer = await node.diagnosis.Sequences({}, ADMIN);
      expect(answer.sequences.slice(0, 2).map(({ progress }) => progress)).toEqual([
        Progress.PROGRESS_DONE,
        Progress.PROGRESS_DONE,
      ]);
      return answer;
    },
    { withinMs: 5000 },
  );
  const [, boot, apply, reboot] = sequences;
  expect(boot).toMatchObject({ name: 'boot', endedBy: ['reboot', 'reset', 'upgrade'] });
  expect(apply).toMatchObject({ name: 'apply', progress: Progress.PROGRESS_NOT_RUN });
  const trust = boot?.phases.find(({ name }) => name === 'trust');
  expect(trust).toMatchObject({ progress: Progress.PROGRESS_SKIPPED, tasks: [{ name: 'startTrustd' }] });
  const network = boot?.phases.find(({ name }) => name === 'network');
  expect(network?.tasks.map(({ name, progress }) => [name, progress])).toEqual([
    ['startNetworkd', Progress.PROGRESS_DONE],
    ['waitForNetwork', Progress.PROGRESS_DONE],
  ]);
  expect(reboot).toMatchObject({ name: 'reboot', progress: Progress.PROGRESS_NOT_RUN });
  expect(sequences.find(({ name }) => name === 'upgrade')?.refusal).toContain('start the node from the new image');
});
