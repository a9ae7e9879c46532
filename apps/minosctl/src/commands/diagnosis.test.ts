import { expect, test } from '@jest/globals';
import { Progress, SequencesResponse } from '@minos/api/minos';
import { Scope } from '@minos/base';
import { testEndpoint } from '../testing/test-cluster.ts';

const ONE = ['-n', '10.9.0.2'];

test('sequences shows each task in its phase, how far it came, and what it failed of', async () => {
  await using scope = new Scope();
  const tasks = [
    { name: 'loadIdentity', progress: Progress.PROGRESS_DONE, duration: { seconds: 1n, nanos: 5_000_000 } },
    { name: 'countBoot', progress: Progress.PROGRESS_FAILED, error: 'no space left' },
  ];
  const sequences = [{ name: 'initialize', phases: [{ name: 'identity', tasks }] }];
  const endpoint = await testEndpoint(scope, {
    diagnosis: { Sequences: async () => SequencesResponse.fromPartial({ sequences }) },
  });
  const { code, stdout } = await endpoint.run(...ONE, 'sequences');
  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['NODE', 'SEQUENCE', 'PHASE', 'TASK', 'STATE', 'TIME', 'ERROR'],
    ['10.9.0.2', 'initialize', 'identity', 'loadIdentity', 'done', '1005 ms'],
    ['10.9.0.2', 'initialize', 'identity', 'countBoot', 'failed', 'no space left'],
    [''],
  ]);
});
