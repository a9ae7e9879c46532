import { expect, test } from '@jest/globals';
import { VersionResponse } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { memberState } from '../testing/member-state.ts';
import { lost, nodeOf, type TestEndpoint, testEndpoint } from '../testing/test-cluster.ts';
import { matches, parseTargets } from './selector.ts';

const TAGS: Readonly<Record<string, string>> = {
  '10.9.0.2': 'v1.14.0+minos.0.1.0',
  '10.9.0.3': 'v1.13.0',
  '10.9.0.4': 'v1.14.0',
};

/** A cluster whose nodes run different versions; with `down`, one of them answers nothing. */
function cluster(scope: Scope, down?: string): Promise<TestEndpoint> {
  return testEndpoint(scope, {
    machine: {
      Version: async (_request, context) => {
        const node = nodeOf(context);
        if (node === down) lost(node);
        return VersionResponse.fromPartial({ messages: [{ version: { tag: TAGS[node] ?? '' } }] });
      },
    },
    state: memberState(),
  });
}

test.each([
  ['@all', ['2', '3', '4']],
  ['@controlplane', ['2']],
  ['@workers', ['3', '4']],
  ['zone=a', ['2', '3']],
  ['zone!=a', ['4']],
  ['@workers:zone=a', ['3']],
  ['version!=1.14.0', ['3']],
  ['version=v1.14.0', ['2', '4']],
  ['version=v1.14.0+minos.0.1.0', ['2']],
  ['@workers:version!=v1.13.0', ['4']],
  ['@all:hostname!=worker-2', ['2', '3']],
  ['@controlplane,zone=b', ['2', '4']],
  ['worker-1,@controlplane,10.9.0.3', ['3', '2']],
])('%s chooses', async (selector, expected) => {
  await using scope = new Scope();
  const endpoint = await cluster(scope);
  const { code, stdout } = await endpoint.run('-n', selector, 'version', '--short', '-o', 'json');
  expect(code).toBe(0);
  const nodes = [...stdout.matchAll(/"node": "10\.9\.0\.(\d)"/g)].map(([, last]) => last);
  expect([...nodes].sort()).toEqual([...expected].sort());
});

test('what selects nothing says what there is, and a word that is no selector what was meant', async () => {
  await using scope = new Scope();
  const endpoint = await cluster(scope);
  const nobody = await endpoint.run('-n', 'zone=c', 'version');
  expect(nobody.code).toBe(1);
  expect(nobody.stderr).toMatch(/"zone=c" matches none of the 3 members: 10\.9\.0\.2 \(cp-1\).*\n {2}next: .*get nodelabelspecs/);
  expect((await endpoint.run('-n', '@worker', 'version')).stderr).toContain('did you mean "@workers"?');
  expect((await endpoint.run('-n', '@all:', 'version')).stderr).toContain('"" in "@all:" selects nothing');
  expect((await endpoint.run('-n', '@all', '--insecure', 'version')).stderr).toContain('name it by its address');
});

test('a member that does not say whether it is meant is left out, told, and makes the exit code 1', async () => {
  await using scope = new Scope();
  const endpoint = await cluster(scope, '10.9.0.4');
  const { code, stdout, stderr } = await endpoint.run('-n', 'version=1.13.0', 'version', '--short');
  expect({ code, rows: stdout.trim().split('\n').length }).toEqual({ code: 1, rows: 2 });
  expect(stderr).toContain('warning: 10.9.0.4 did not say whether it is meant, and is left out');
});

test('an endpoint that knows no control plane resolves no selector', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    state: memberState([{ address: '10.9.0.3', hostname: 'worker-1', type: 'worker' }]),
  });
  expect((await endpoint.run('-n', '@all', 'version')).stderr).toContain('go through a control plane: -e');
});

test('names stay names: an address, a host name, one with a dash', () => {
  expect(parseTargets(['10.9.0.2', 'cp-1', 'fe80::1']).map(({ kind }) => kind)).toEqual(['name', 'name', 'name']);
});

test('a node without a label is not equal to any value of it', () => {
  const member = { hostname: 'a', address: '10.9.0.2', addresses: ['10.9.0.2'], type: 'worker', labels: new Map() } as const;
  const [equal, other] = parseTargets(['zone=a', 'zone!=a']);
  expect(equal?.kind === 'selector' && matches(equal.terms, member)).toBe(false);
  expect(other?.kind === 'selector' && matches(other.terms, member)).toBe(true);
});
