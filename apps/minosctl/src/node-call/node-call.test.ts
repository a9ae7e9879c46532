import { expect, test } from '@jest/globals';
import { ServiceListResponse, VersionResponse } from '@minos/api/machine';
import { Fault, Scope } from '@minos/base';
import { eventually } from '@minos/testkit';
import { lost, NODES, nodeOf, testEndpoint } from '../testing/test-cluster.ts';

const version = VersionResponse.fromPartial({
  messages: [{ version: { tag: 'v1.14.0+minos.0.1.0', os: 'linux', arch: 'amd64' }, platform: { name: 'container' } }],
});

test('each node is asked by a call of its own through the one endpoint', async () => {
  await using scope = new Scope();
  const asked: string[] = [];
  const endpoint = await testEndpoint(scope, {
    machine: {
      Version: async (_request, context) => {
        asked.push(...context.metadata.all('node'));
        expect(context.metadata.all('nodes')).toEqual([]);
        return version;
      },
    },
  });
  const { code, stdout, stderr } = await endpoint.run('version');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(asked.sort()).toEqual(NODES);
  expect(stdout.split('\n')[0]).toMatch(/^NODE +TAG +SHA/);
  for (const node of NODES) expect(stdout).toMatch(new RegExp(`^${node} +v1\\.14\\.0\\+minos`, 'm'));
});

test('of three nodes the one that fails is named on stderr with what to do next, and the others are still shown', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: { Version: async (_request, context) => (nodeOf(context) === '10.9.0.3' ? lost('10.9.0.3') : version) },
  });
  const { code, stdout, stderr } = await endpoint.run('version');
  expect(code).toBe(1);
  expect(stdout.match(/^10\.9\.0\.[24] /gm)).toHaveLength(2);
  expect(stderr).toMatch(
    /^error from node 10\.9\.0\.3: .*ECONNREFUSED.* \(unavailable\)\n {2}at: .*\n {2}next: .*\n1 of 3 nodes failed: 10\.9\.0\.3 \(unavailable\)$/,
  );
});

test('an endpoint that refuses is passed over for the next', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, { machine: { Version: async () => version } }, { deadEndpoint: true });
  expect(await endpoint.run('-n', '10.9.0.2', 'version', '--short')).toMatchObject({ code: 0, stderr: '' });
  const dead = await endpoint.run('-e', '127.0.0.1:1,127.0.0.1:2', '-n', '10.9.0.2', 'version');
  expect(dead.code).toBe(1);
  expect(dead.stderr).toContain('127.0.0.1:1: connect ECONNREFUSED');
  expect(dead.stderr).toContain('127.0.0.1:2: connect ECONNREFUSED');
});

test('JSON and YAML are one object for each node', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, { machine: { Version: async () => version } });
  const json = await endpoint.run('-n', '10.9.0.2', 'version', '-o', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject({ node: '10.9.0.2', version: { tag: 'v1.14.0+minos.0.1.0' } });
  const yaml = await endpoint.run('-n', '10.9.0.2,10.9.0.3', 'version', '-o', 'yaml');
  expect(yaml.stdout).toMatch(/^node: 10\.9\.0\.2\n[\s\S]*\n---\nnode: 10\.9\.0\.3\n/);
});

test('a log that fails in the middle ends with its error while the others go on, and the exit code is 1', async () => {
  await using scope = new Scope();
  const end = new AbortController();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Logs: async function* (_request, context) {
        const node = nodeOf(context);
        yield { metadata: undefined, bytes: Buffer.from('first li') };
        yield { metadata: undefined, bytes: Buffer.from('ne\nsecond') };
        if (node === '10.9.0.3') throw new Fault('unavailable', 'the node is gone');
        await eventually(() => expect(end.signal.aborted).toBe(true), { withinMs: 10_000 });
        yield { metadata: undefined, bytes: Buffer.from(' line\nthird\n') };
      },
    },
  });
  const { terminal, done } = endpoint.start('logs', '-f', 'machined');
  await eventually(() => expect(terminal.stderr()).toContain('error from node 10.9.0.3: the node is gone'), { withinMs: 5000 });
  expect(terminal.stdout()).toContain('10.9.0.3: second\n');
  expect(terminal.stdout()).not.toContain('third');
  end.abort();
  expect(await done).toBe(1);
  const lines = terminal.stdout().split('\n');
  expect(lines.filter((line) => line === '10.9.0.2: second line')).toHaveLength(1);
  expect(lines.filter((line) => line.endsWith(': third'))).toHaveLength(2);
  expect(lines).toContain('10.9.0.3: first line');
});

test('Ctrl-C while following is no failure', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Logs: async function* (_request, context) {
        yield { metadata: undefined, bytes: Buffer.from('line\n') };
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
      },
    },
  });
  const { terminal, done } = endpoint.start('logs', '-f', 'machined');
  await eventually(() => expect(terminal.stdout().match(/line/g)).toHaveLength(3), { withinMs: 5000 });
  terminal.interrupt();
  expect(await done).toBe(0);
  expect(terminal.stderr()).toBe('');
});

test('text of a node cannot steer the terminal', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Logs: async function* () {
        yield { metadata: undefined, bytes: Buffer.from('\x1b[2Jgone\x07\n') };
      },
    },
  });
  const { stdout } = await endpoint.run('-n', '10.9.0.2', 'logs', 'machined');
  expect(stdout).toBe('10.9.0.2: \\x1b[2Jgone\\x07\n');
});

test('a service that no node has is an error that says how to list them', async () => {
  await using scope = new Scope();
  const services = ServiceListResponse.fromPartial({
    messages: [
      { services: [{ id: 'apid', state: 'Running', events: { events: [{ state: 'Running', msg: 'ready' }] }, health: {} }] },
    ],
  });
  const endpoint = await testEndpoint(scope, { machine: { ServiceList: async () => services } });
  const known = await endpoint.run('-n', '10.9.0.2', 'service', 'apid');
  expect(known.code).toBe(0);
  expect(known.stdout).toContain('[Running]: ready');
  const unknown = await endpoint.run('-n', '10.9.0.2', 'service', 'nope');
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('service "nope" is not registered');
});

test('rows are printed as they come: a slow node holds nobody up, and its rows join the same table', async () => {
  await using scope = new Scope();
  const answer = new AbortController();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Version: async (_request, context) => {
        if (nodeOf(context) === '10.9.0.2')
          await eventually(() => expect(answer.signal.aborted).toBe(true), { withinMs: 20_000 });
        return version;
      },
    },
  });
  const { terminal, done } = endpoint.start('version', '--short');
  await eventually(() => expect(terminal.stdout().match(/^10\.9\.0\.[34] /gm)).toHaveLength(2), { withinMs: 10_000 });
  expect(terminal.stdout()).not.toContain('10.9.0.2');
  answer.abort();
  expect(await done).toBe(0);
  expect(
    terminal
      .stdout()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual(['NODE', '10.9.0.3', '10.9.0.4', '10.9.0.2', '']);
});
