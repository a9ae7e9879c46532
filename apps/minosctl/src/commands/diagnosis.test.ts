import { expect, test } from '@jest/globals';
import { BootLogResponse, BootRecord, BootsResponse, Progress, SequencesResponse, WhyResponse } from '@minos/api/minos';
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

test('boots shows each boot in a row, and with --verbose all that is recorded', async () => {
  await using scope = new Scope();
  const at = (seconds: bigint) => ({ at: { seconds, nanos: 0 } });
  const recorded: Parameters<typeof BootRecord.fromPartial>[0][] = [
    { ...at(1_800_000_000n), what: { $case: 'begin', value: { nonce: 'n', tag: 'v1', logSizes: {} } } },
    { ...at(1_800_000_001n), what: { $case: 'configDigest', value: 'abcdef0123456789' } },
    {
      ...at(1_800_000_002n),
      what: { $case: 'service', value: { service: 'apid', state: 'waiting', message: 'Process 7 exited with code 1' } },
    },
    {
      ...at(1_800_000_003n),
      what: { $case: 'call', value: { method: '/machine.MachineService/Reboot', roles: ['os:admin'], peer: '' } },
    },
    { ...at(1_800_000_060n), what: { $case: 'end', value: 'reboot' } },
  ];
  const records = recorded.map((record) => BootRecord.fromPartial(record));
  const endpoint = await testEndpoint(scope, {
    diagnosis: {
      Boots: async () =>
        BootsResponse.fromPartial({
          boots: [
            { boot: 0, records: records.slice(0, 1) },
            { boot: -1, records: [...records] },
          ],
        }),
    },
  });
  const { code, stdout } = await endpoint.run(...ONE, 'boots');
  expect(code).toBe(0);
  const last = stdout.split('\n')[2]?.split(/ {2,}/);
  expect(last).toEqual(['10.9.0.2', '-1', '2027-01-15T08:00:00Z', '1m', 'v1', 'abcdef012345', '1', '1', 'reboot']);
  const verbose = await endpoint.run(...ONE, 'boots', '--verbose');
  expect(verbose.stdout).toContain('/machine.MachineService/Reboot by os:admin');
  expect(verbose.stdout).toContain('service apid waiting: Process 7 exited with code 1');
});

test('logs --boot prints the log that an earlier boot left, or its last lines; one that is to come is refused', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    diagnosis: {
      BootLog: async ({ boot, service }) => BootLogResponse.fromPartial({ bytes: Buffer.from(`first\n${service} of ${boot}\n`) }),
    },
  });
  expect(await endpoint.run(...ONE, 'logs', 'apid', '--boot', '-1')).toMatchObject({
    code: 0,
    stdout: '10.9.0.2: first\n10.9.0.2: apid of -1\n',
  });
  expect((await endpoint.run(...ONE, 'logs', 'apid', '--boot=-2', '--tail', '1')).stdout).toBe('10.9.0.2: apid of -2\n');
  expect(await endpoint.run(...ONE, 'logs', 'apid', '--boot', '1')).toMatchObject({ code: 1 });
});
