import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ApplyConfigurationResponse } from '@minos/api/machine';
import { ConfirmResponse, PendingResponse } from '@minos/api/minos';
import { Fault, Scope } from '@minos/base';
import { type TestEndpoint, testEndpoint } from '../testing/test-cluster.ts';

const TEXT = 'version: v1alpha1\n';
const DIGEST = createHash('sha256').update(TEXT).digest('hex');
const ONE = ['-n', '10.9.0.2'];

/** A node with one configuration in force, on trial until it is confirmed. */
interface FakeNode {
  readonly headers: string[];
  readonly confirmed: string[];
  refusals: number;
  id: string;
  digest: string;
}

async function endpointOf(scope: Scope, node: FakeNode): Promise<TestEndpoint> {
  const endpoint = await testEndpoint(scope, {
    machine: {
      ApplyConfiguration: async (_request, { metadata }) => {
        node.headers.push(metadata.first('minos-confirm-timeout') ?? '', metadata.first('minos-confirm-when') ?? '');
        return ApplyConfigurationResponse.fromPartial({ messages: [{ modeDetails: 'Applied' }] });
      },
    },
    config: {
      Pending: async () => PendingResponse.fromPartial({ id: node.id, digest: node.digest }),
      Confirm: async ({ id }) => {
        if (node.refusals-- > 0) throw new Fault('precondition', 'a connection on the way is older than the configuration');
        node.confirmed.push(id);
        return ConfirmResponse.fromPartial({});
      },
    },
  });
  await writeFile(join(endpoint.dir, 'node.yaml'), TEXT);
  return endpoint;
}

function fakeNode(facts: Partial<FakeNode> = {}): FakeNode {
  return { headers: [], confirmed: [], refusals: 0, id: 'trial-1', digest: DIGEST, ...facts };
}

test('apply-config asks for a trial and confirms it, again until it counts', async () => {
  await using scope = new Scope();
  const node = fakeNode({ refusals: 1 });
  const endpoint = await endpointOf(scope, node);
  const done = await endpoint.run(...ONE, 'apply-config', '-f', 'node.yaml', '--confirm-timeout', '5');
  expect(done).toMatchObject({ code: 0, stdout: '10.9.0.2: Applied\n' });
  expect(done.stderr).toContain('10.9.0.2: confirmed over 127.0.0.1');
  expect(node).toMatchObject({ headers: ['5s', 'reach'], confirmed: ['trial-1'] });
}, 20_000);

test('what needed no confirmation is left alone, and a node that went back is a failure', async () => {
  await using scope = new Scope();
  const kept = fakeNode({ id: '' });
  const first = await endpointOf(scope, kept);
  expect(await first.run(...ONE, 'apply-config', '-f', 'node.yaml')).toMatchObject({ code: 0, stderr: '' });
  expect(kept.confirmed).toEqual([]);
  const reverted = await endpointOf(scope, fakeNode({ id: '', digest: 'another' }));
  const done = await reverted.run(...ONE, 'apply-config', '-f', 'node.yaml');
  expect(done.code).toBe(1);
  expect(done.stderr).toContain('went back to the configuration before');
}, 20_000);

test('a node that was never reached is not waited for: nothing was sent that it could confirm', async () => {
  await using scope = new Scope();
  const endpoint = await endpointOf(scope, fakeNode());
  const done = await endpoint.run('-e', '127.0.0.1:1', ...ONE, 'apply-config', '-f', 'node.yaml');
  expect(done).toMatchObject({ code: 1, stderr: expect.stringContaining('refuses connections') });
});

test.each([['--no-confirm'], ['--dry-run'], ['--mode=staged'], ['--mode=try']])('with %s nothing is asked for', async (flag) => {
  await using scope = new Scope();
  const node = fakeNode();
  const endpoint = await endpointOf(scope, node);
  expect((await endpoint.run(...ONE, 'apply-config', '-f', 'node.yaml', flag)).code).toBe(0);
  expect(node).toMatchObject({ headers: ['', ''], confirmed: [] });
});
