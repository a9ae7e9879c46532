import { expect, test } from '@jest/globals';
import { Progress, SequencesResponse, WhyResponse } from '@minos/api/minos';
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

test('why says first what lies deepest, then what shows it, what to ask next, and what waits for it', async () => {
  await using scope = new Scope();
  const nodes = [
    { id: 'machine', summary: 'the machine is not as it should be', waitsFor: ['network'] },
    { id: 'network', summary: 'the network is without: address', waitsFor: ['link/eth0'] },
    { id: 'link/eth0', summary: 'the link eth0\nhas no carrier', evidence: ['links: lo, eth0'], nextCommand: 'get links' },
  ];
  const endpoint = await testEndpoint(scope, {
    diagnosis: {
      Why: async ({ subject }) =>
        subject === ''
          ? WhyResponse.fromPartial({ nodes, chain: ['machine', 'network', 'link/eth0'] })
          : WhyResponse.fromPartial({ nodes: [{ id: subject, isMet: true, summary: `${subject} is well` }] }),
    },
  });
  expect(await endpoint.run(...ONE, 'why')).toMatchObject({
    code: 0,
    stdout: [
      '10.9.0.2: the link eth0 has no carrier',
      '  links: lo, eth0',
      '  next: minosctl -n 10.9.0.2 get links',
      '  so: the network is without: address (network)',
      '  so: the machine is not as it should be (machine)',
      '',
    ].join('\n'),
  });
  expect((await endpoint.run(...ONE, 'why', 'apid')).stdout).toBe('10.9.0.2: apid is well\n');
});
