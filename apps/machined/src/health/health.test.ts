import { expect, test } from '@jest/globals';
import { MachineStatusSpec, RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { Fault, isFault, messageOf } from '@minos/base';
import { eventually, VirtualClock } from '@minos/testkit';
import type { ClusterView } from './cluster-view.ts';
import { HEALTH_CHECKS } from './health-checks.ts';
import { runHealthChecks } from './run-health-checks.ts';

const NODES = { controlPlanes: ['10.0.0.2'], workers: ['10.0.0.3'] };
const GIB_KB = 1024n * 1024n;

function viewOf(change: Partial<ClusterView> = {}): ClusterView {
  return {
    version: async () => ({ tag: 'v1', mode: 'metal' }),
    memoryKb: async () => 4n * GIB_KB,
    diagnostics: async () => [],
    machineStatus: async () => MachineStatusSpec.fromPartial({ stage: Stage.MACHINE_STAGE_RUNNING }),
    ...change,
  };
}

function start(view: ClusterView, timeoutMs = 60_000) {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const run = { checks: HEALTH_CHECKS, view, nodes: NODES, clock, timeoutMs };
  const ended = (async () => {
    for await (const line of runHealthChecks(run, new AbortController().signal)) lines.push(line);
    return 'done';
  })().catch((e: unknown) => `${isFault(e) ? e.kind : 'no fault'}: ${messageOf(e)}`);
  return { clock, lines, ended };
}

test('a healthy cluster passes every check in order', async () => {
  const { lines, ended } = start(viewOf());
  expect(await ended).toBe('done');
  expect(lines[0]).toBe('discovered nodes: control planes [10.0.0.2], workers [10.0.0.3]');
  expect(lines.filter((line) => line.endsWith(': OK'))).toEqual(
    HEALTH_CHECKS.map(({ description }) => `waiting for ${description}: OK`),
  );
});

test('a check is tried again until it passes, and tells why not once', async () => {
  let asked = 0;
  const version = async (node: string) => {
    if (node === '10.0.0.3' && ++asked < 4) throw new Fault('unavailable', 'connection refused');
    return { tag: 'v1', mode: 'metal' };
  };
  const { clock, lines, ended } = start(viewOf({ version }));
  for (let i = 1; i < 4; i++) {
    await eventually(() => expect(clock.sleeping).toBe(1), { withinMs: 1000 });
    await clock.advance(5000);
  }
  expect(await ended).toBe('done');
  expect(lines.filter((line) => line.includes('connection refused'))).toEqual([
    'waiting for apid to be ready: connection refused',
  ]);
});

test('what never passes ends with the time, and says what was missing', async () => {
  const diagnostics = async (node: string) => (node === '10.0.0.2' ? ['address overlap'] : []);
  const { clock, ended } = start(viewOf({ diagnostics }), 7000);
  for (let i = 0; i < 2; i++) {
    await eventually(() => expect(clock.sleeping).toBe(1), { withinMs: 1000 });
    await clock.advance(5000);
  }
  expect(await ended).toBe('deadline: the cluster is not healthy in time: waiting for no diagnostics: 10.0.0.2: address overlap');
});

test('what the caller may not see is skipped, and containers have no memory of their own', async () => {
  const denied = async (): Promise<never> => {
    throw new Fault('denied', 'not authorized');
  };
  const { lines, ended } = start(
    viewOf({ diagnostics: denied, version: async () => ({ tag: 'v1', mode: 'container' }), memoryKb: async () => 1n }),
  );
  expect(await ended).toBe('done');
  expect(lines.filter((line) => line.endsWith(': SKIP'))).toEqual([
    'waiting for all nodes memory sizes: SKIP',
    'waiting for no diagnostics: SKIP',
  ]);
});

test('a node with too little memory, or one that still boots, is named', async () => {
  const small = start(viewOf({ memoryKb: async (node) => (node === '10.0.0.3' ? 512n * 1024n : 4n * GIB_KB) }), 1);
  await eventually(() => expect(small.lines.join()).toContain('10.0.0.3 has 512 MiB of memory'), { withinMs: 1000 });
  const booting = start(viewOf({ machineStatus: async () => undefined }), 1);
  await eventually(() => expect(booting.lines.join()).toContain('10.0.0.2 has not finished booting'), { withinMs: 1000 });
});
