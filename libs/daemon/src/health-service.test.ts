import { expect, test } from '@jest/globals';
import { HealthDefinition } from '@minos/api/health';
import { silentLogger, systemClock } from '@minos/base';
import { client, dial } from '@minos/rpc';
import { tempDir } from '@minos/testkit';
import { ServingSwitch } from './health-service.ts';
import { serveHealth } from './serve-health.ts';

async function setup() {
  const dir = await tempDir('health');
  const serving = new ServingSwitch();
  const context = { name: 'apid', runDir: dir.path, log: silentLogger, clock: systemClock, signal: new AbortController().signal };
  const server = await serveHealth(context, serving);
  const channel = dial({ kind: 'unix', path: dir.file('system/run/apid/apid.sock') });
  return {
    serving,
    health: client(channel, HealthDefinition),
    [Symbol.asyncDispose]: async () => {
      channel[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

test('a check tells whether the daemon serves, and NOT_FOUND for a name that it does not know', async () => {
  await using t = await setup();
  expect(await t.health.Check({ service: '' })).toEqual({ status: 2 });
  t.serving.set(true);
  expect(await t.health.Check({ service: '' })).toEqual({ status: 1 });
  await expect(t.health.Check({ service: 'etcd' })).rejects.toMatchObject({ kind: 'missing' });
});

test('a watch tells the state at once and then every change', async () => {
  await using t = await setup();
  const seen: number[] = [];
  for await (const { status } of t.health.Watch({ service: '' })) {
    seen.push(status);
    if (seen.length === 3) break;
    t.serving.set(!t.serving.isServing());
  }
  expect(seen).toEqual([2, 1, 2]);
});

test('a watch of an unknown name says so and stays open', async () => {
  await using t = await setup();
  for await (const { status } of t.health.Watch({ service: 'etcd' })) {
    expect(status).toBe(3);
    break;
  }
});
