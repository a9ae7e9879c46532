import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ApplyConfigurationResponse, MetaWriteResponse, RebootResponse, VersionResponse } from '@minos/api/machine';
import { Fault, type Scope, Scope as TestScope } from '@minos/base';
import { eventually } from '@minos/testkit';
import { MEMBERS, memberState, type TestMember } from '../testing/member-state.ts';
import { nodeOf, type TestEndpoint, testEndpoint } from '../testing/test-cluster.ts';

const THREE: readonly TestMember[] = MEMBERS.map((member) => ({ ...member, type: 'controlplane' }));
const WRITE = ['meta', 'write', '0x0c', 'x'];

/** Nodes that write down what is sent to them; some fail, some are never healthy again. */
class Cluster {
  readonly sent: string[] = [];
  readonly fails = new Set<string>();
  readonly ill = new Set<string>();
  healthAsked = 0;
  /** Resolves a node's answer; at once when absent. */
  hold: ((node: string, signal: AbortSignal) => Promise<void>) | undefined;

  open(scope: Scope, members: readonly TestMember[] = MEMBERS): Promise<TestEndpoint> {
    const take = async (what: string, node: string, signal: AbortSignal): Promise<void> => {
      this.sent.push(`${what} ${node.slice(-1)}`);
      await this.hold?.(node, signal);
      if (this.fails.has(node)) throw new Fault('precondition', 'the disk is full');
    };
    return testEndpoint(scope, {
      machine: {
        Version: async () => VersionResponse.fromPartial({ messages: [{ version: { tag: 'v1' } }] }),
        MetaWrite: async (_request, context) => {
          await take('meta', nodeOf(context), context.signal);
          return MetaWriteResponse.fromPartial({ messages: [{}] });
        },
        Reboot: async (_request, context) => {
          await take('reboot', nodeOf(context), context.signal);
          return RebootResponse.fromPartial({ messages: [{}] });
        },
        ApplyConfiguration: async (_request, context) => {
          await take('apply', nodeOf(context), context.signal);
          return ApplyConfigurationResponse.fromPartial({ messages: [{ modeDetails: 'applied' }] });
        },
      },
      state: memberState(members, (node) => {
        this.healthAsked += 1;
        return !this.ill.has(node);
      }),
    });
  }
}

test('more than one node: it is shown who gets what, and without somebody to ask nothing is sent', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  const { code, stdout, stderr } = await endpoint.run('-n', '@all', ...WRITE);
  expect({ code, stdout, sent: cluster.sent }).toEqual({ code: 1, stdout: '', sent: [] });
  expect(stderr.split('\n').slice(0, 4)).toEqual([
    'meta write on 3 nodes:',
    '  10.9.0.2 (cp-1, control plane): keeps 0x0c',
    '  10.9.0.3 (worker-1, worker): keeps 0x0c',
    '  10.9.0.4 (worker-2, worker): keeps 0x0c',
  ]);
  expect(stderr).toMatch(/this changes 3 nodes, and nobody is here to be asked: nothing was done\n {2}next: .*--yes/);
});

test('with -o json the plan and the refusal are objects on standard error', async () => {
  await using scope = new TestScope();
  const endpoint = await new Cluster().open(scope);
  const { stderr } = await endpoint.run('-n', '@workers', ...WRITE, '-o', 'json');
  const [plan, refusal] = stderr.split('\n').map((line): unknown => JSON.parse(line));
  expect(plan).toMatchObject({
    plan: { command: 'meta write', done: [], batches: [[{ node: '10.9.0.3' }, { node: '10.9.0.4' }]] },
  });
  expect(refusal).toMatchObject({ error: { reason: 'NOT_CONFIRMED', hop: 'you' } });
});

test.each([
  [true, 3],
  [false, 0],
])('a person who is asked and says %s decides', async (answer, count) => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  const questions: string[] = [];
  const confirm = async (question: string): Promise<boolean> => {
    questions.push(question);
    return answer;
  };
  expect(await endpoint.startAt({ canAsk: true, confirm }, '-n', '@all', ...WRITE).done).toBe(answer ? 0 : 1);
  expect({ questions, count: cluster.sent.length }).toEqual({ questions: ['go on?'], count });
});

test('one node is changed unasked, and --yes answers for many', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  expect(await endpoint.run('-n', '10.9.0.3', ...WRITE)).toEqual({ code: 0, stdout: '10.9.0.3: 0x0c is kept\n', stderr: '' });
  expect(await endpoint.run('-n', '@workers', ...WRITE, '-y')).toMatchObject({ code: 0 });
  expect(cluster.sent.sort()).toEqual(['meta 3', 'meta 3', 'meta 4']);
});

test('a configuration of a worker goes to no node when one of them is a control plane, whatever is given', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  await endpoint.run('gen', 'config', 'lab', 'https://10.9.0.2:6443', '-o', 'lab');
  for (const [file, words] of [
    ['worker.yaml', /configuration of a worker, and these nodes are control planes: 10\.9\.0\.2 \(cp-1\); nothing was sent/],
    ['controlplane.yaml', /configuration of a control plane, and these nodes are workers: 10\.9\.0\.3 .*10\.9\.0\.4/],
  ] as const) {
    const args = ['apply-config', '-f', `lab/${file}`, '--yes', '--force', '--no-confirm'];
    const { code, stderr } = await endpoint.run('-n', '@all', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
  }
  expect(cluster.sent).toEqual([]);
  const right = await endpoint.run('-n', '@workers', 'apply-config', '-f', 'lab/worker.yaml', '--yes', '--no-confirm');
  expect({ code: right.code, sent: cluster.sent.sort() }).toEqual({ code: 0, sent: ['apply 3', 'apply 4'] });
}, 90_000);

test('the healthy majority of control planes stays up, unless forced', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope, THREE);
  const reboot = ['reboot', '--wait=false', '--yes'];
  const all = await endpoint.run('-n', '@all', ...reboot);
  expect(all.stderr).toMatch(/0 would be left: 3 of 3 control planes are healthy, 2 must be\n {2}next: one at a time/);
  const two = await endpoint.run('-n', '10.9.0.2,10.9.0.3', ...reboot);
  expect(two.stderr).toContain('1 would be left');
  expect(cluster.sent).toEqual([]);
  expect(await endpoint.run('-n', '@all', ...reboot, '--max-unavailable', '1')).toMatchObject({ code: 0 });
  expect(cluster.sent).toEqual(['reboot 2', 'reboot 3', 'reboot 4']);
  cluster.ill.add('10.9.0.4');
  expect((await endpoint.run('-n', '10.9.0.2', ...reboot)).stderr).toContain('2 of 3 control planes are healthy');
  // One that is not healthy anyway takes nothing away.
  expect(await endpoint.run('-n', '10.9.0.4', ...reboot)).toMatchObject({ code: 0 });
  expect(await endpoint.run('-n', '10.9.0.2', ...reboot, '--force')).toMatchObject({ code: 0 });
});

test('the only control plane is not restarted by the way', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  const { code, stderr } = await endpoint.run('-n', '10.9.0.2', 'reboot', '--wait=false');
  expect({ code, sent: cluster.sent }).toEqual({ code: 1, sent: [] });
  expect(stderr).toMatch(/10\.9\.0\.2 is the only control plane: .*\n {2}next: .*--force/);
});

test('after the canary the rest goes in batches, and a node that is not healthy again stops them', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  cluster.fails.add('10.9.0.3');
  const args = ['-n', '@all', ...WRITE, '--yes', '--canary', '1', '--max-unavailable', '1'];
  const { code, stdout, stderr } = await endpoint.run(...args);
  expect({ code, stdout, sent: cluster.sent }).toEqual({
    code: 1,
    stdout: '10.9.0.2: 0x0c is kept\n',
    sent: ['meta 2', 'meta 3'],
  });
  expect(stderr).toContain('error from node 10.9.0.3: the disk is full');
  expect(stderr).toContain('error from node 10.9.0.4: left alone, because one before it failed');
  expect(stderr).toContain('2 of 3 nodes failed: 10.9.0.3 (precondition), 10.9.0.4 (NOT_ASKED)');
  // The same command goes on where it was.
  cluster.fails.clear();
  const again = await endpoint.run(...args);
  expect(again).toMatchObject({ code: 0, stdout: '10.9.0.3: 0x0c is kept\n10.9.0.4: 0x0c is kept\n' });
  expect(again.stderr).toContain('10.9.0.2 (cp-1, control plane): done already');
  expect(cluster.sent).toEqual(['meta 2', 'meta 3', 'meta 3', 'meta 4']);
  await expect(readdir(join(endpoint.dir, 'journal'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the next batch waits until the one before is healthy again', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  cluster.ill.add('10.9.0.2');
  const { done } = endpoint.start('-n', '@all', ...WRITE, '--yes', '--max-unavailable', '1');
  await eventually(() => expect(cluster.sent).toEqual(['meta 2']), { withinMs: 5000 });
  await eventually(() => expect(cluster.healthAsked).toBeGreaterThan(3), { withinMs: 10_000 });
  expect(cluster.sent).toEqual(['meta 2']);
  cluster.ill.clear();
  expect(await done).toBe(0);
  expect(cluster.sent).toEqual(['meta 2', 'meta 3', 'meta 4']);
});

test('Ctrl-C leaves what is done written down; the same command goes on, another does not, and --restart begins anew', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  cluster.hold = async (node, signal) => {
    if (node === '10.9.0.3') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  };
  const args = ['-n', '@all', ...WRITE, '--yes', '--max-unavailable', '1'];
  const { terminal, done } = endpoint.start(...args);
  await eventually(() => expect(cluster.sent).toEqual(['meta 2', 'meta 3']), { withinMs: 5000 });
  terminal.interrupt();
  expect(await done).toBe(1);
  expect(terminal.stderr()).toContain('the same command goes on with the rest');
  cluster.hold = undefined;
  cluster.sent.length = 0;
  expect(await endpoint.run('-n', '@all', 'meta', 'write', '0x0c', 'y', '--yes')).toMatchObject({ code: 0 });
  expect(cluster.sent.sort()).toEqual(['meta 2', 'meta 3', 'meta 4']);
  cluster.sent.length = 0;
  expect(await endpoint.run(...args)).toMatchObject({ code: 0 });
  expect(cluster.sent).toEqual(['meta 3', 'meta 4']);
  cluster.fails.add('10.9.0.4');
  await endpoint.run(...args);
  cluster.fails.clear();
  cluster.sent.length = 0;
  expect(await endpoint.run(...args, '--restart')).toMatchObject({ code: 0 });
  expect(cluster.sent).toEqual(['meta 2', 'meta 3', 'meta 4']);
});

test('a journal that is spoilt is as good as none', async () => {
  await using scope = new TestScope();
  const cluster = new Cluster();
  const endpoint = await cluster.open(scope);
  const args = ['-n', '@all', ...WRITE, '--yes'];
  cluster.fails.add('10.9.0.4');
  await endpoint.run(...args);
  const [name] = await readdir(join(endpoint.dir, 'journal'));
  await writeFile(join(endpoint.dir, 'journal', name ?? ''), '{"done": 7');
  cluster.fails.clear();
  cluster.sent.length = 0;
  expect(await endpoint.run(...args)).toMatchObject({ code: 0 });
  expect(cluster.sent).toHaveLength(3);
});

test('a number of nodes below zero is no pace', async () => {
  await using scope = new TestScope();
  const endpoint = await new Cluster().open(scope);
  expect((await endpoint.run('-n', '@all', ...WRITE, '--canary', '-1')).stderr).toContain('--canary takes a number of nodes');
});
