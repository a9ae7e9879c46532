import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { generateConfigs, generateSecrets, type MachineConfig, parseMachineConfig } from '@minos/config';
import type { Files } from '@minos/host';
import { parseFixture, simulatedHost } from '@minos/host/simulated';
import { VirtualClock } from '@minos/testkit';
import { type ConfigChange, ConfigKeeper } from './config-keeper.ts';
import { CONFIG_STEPS, type ConfigEvent } from './config-table.ts';

const DIRECTORY = '/system/state';
const TIMEOUT_MS = 60_000;

const secrets = await generateSecrets(Date.now());
const { worker } = generateConfigs({
  clusterName: 'minos',
  endpoint: 'https://10.5.0.2:6443',
  secrets,
  additionalSans: [],
  endpoints: [],
  nowMs: Date.now(),
});
const OLD = named('old');
const NEW = named('new');
const OTHER = named('other');

/** A configuration that differs from others by its name. */
function named(name: string): MachineConfig {
  const parsed = parseMachineConfig(`# ${name}\n${worker}`);
  if (!parsed.ok) throw new Error('the configuration is wrong');
  return parsed.value;
}

interface Machine {
  readonly files: Files;
  readonly clock: VirtualClock;
  keeper(boot: string, files?: Files): ConfigKeeper;
}

function machine(): Machine {
  const fixture = parseFixture({});
  if (!fixture.ok) throw new Error('the fixture is wrong');
  const clock = new VirtualClock();
  const { files } = simulatedHost(fixture.value, { clock });
  const paths = { configFile: `${DIRECTORY}/config.yaml`, recordFile: `${DIRECTORY}/config.next.json` };
  return { files, clock, keeper: (boot, used = files) => new ConfigKeeper({ files: used, clock, boot, ...paths }) };
}

async function started(it: Machine, boot = 'first'): Promise<ConfigKeeper> {
  await it.files.makeDirectory(DIRECTORY, {});
  const keeper = it.keeper(boot);
  await keeper.load();
  return keeper;
}

/** The same machine with machined started anew, in this boot or another. */
async function again(it: Machine, boot = 'first'): Promise<ConfigKeeper> {
  const keeper = it.keeper(boot);
  await keeper.load();
  return keeper;
}

async function withOld(it: Machine): Promise<ConfigKeeper> {
  const keeper = await started(it);
  await keeper.change('keep', { config: OLD });
  return keeper;
}

test('a configuration that is kept is in force, also after a restart and a boot', async () => {
  const it = machine();
  const keeper = await withOld(it);
  expect(keeper.current?.text).toBe(OLD.text);
  expect((await again(it)).current?.text).toBe(OLD.text);
  expect((await again(it, 'second')).current?.text).toBe(OLD.text);
  expect(await it.files.readText(`${DIRECTORY}/config.yaml`)).toBe(OLD.text);
});

test('a trial survives a crash of machined, ends with its time also when nobody watched, and never survives a boot', async () => {
  const it = machine();
  await (await withOld(it)).change('try', { config: NEW, timeoutMs: TIMEOUT_MS });
  const restarted = await again(it);
  expect([restarted.current?.text, restarted.phase]).toEqual([NEW.text, 'trial']);
  expect((await again(it, 'second')).current?.text).toBe(OLD.text);
  expect((await again(it)).current?.text).toBe(OLD.text);
});

test('a trial whose time is over is not in force after a restart', async () => {
  const it = machine();
  await (await withOld(it)).change('try', { config: NEW, timeoutMs: TIMEOUT_MS });
  await it.clock.advance(TIMEOUT_MS);
  const restarted = await again(it);
  expect([restarted.current?.text, restarted.phase]).toEqual([OLD.text, 'settled']);
});

test('a configuration under which machined starts again and again is given up before its time', async () => {
  const it = machine();
  await (await withOld(it)).change('try', { config: NEW, timeoutMs: TIMEOUT_MS });
  const seen: (string | undefined)[] = [];
  for (let start = 0; start < 6; start++) seen.push((await again(it)).current?.text);
  expect(seen).toEqual([NEW.text, NEW.text, NEW.text, NEW.text, NEW.text, OLD.text]);
});

test('confirmed, it stays; reverted, it is gone', async () => {
  const it = machine();
  const keeper = await withOld(it);
  await keeper.change('try', { config: NEW, timeoutMs: TIMEOUT_MS });
  await keeper.change('revert');
  expect([keeper.current?.text, keeper.trial]).toEqual([OLD.text, undefined]);
  await keeper.change('try', { config: NEW, timeoutMs: TIMEOUT_MS });
  await keeper.change('confirm');
  expect(keeper.current?.text).toBe(NEW.text);
  expect((await again(it, 'second')).current?.text).toBe(NEW.text);
});

test('staged waits for a boot, not for a restart; staged on trial is in force for one boot only', async () => {
  const it = machine();
  await (await withOld(it)).change('stage', { config: NEW });
  expect((await again(it)).current?.text).toBe(OLD.text);
  const booted = await again(it, 'second');
  expect([booted.current?.text, booted.phase]).toEqual([NEW.text, 'settled']);
  await booted.change('stage-trial', { config: OTHER, timeoutMs: TIMEOUT_MS });
  expect((await again(it, 'third')).current?.text).toBe(OTHER.text);
  expect((await again(it, 'third')).current?.text).toBe(OTHER.text);
  expect((await again(it, 'fourth')).current?.text).toBe(NEW.text);
});

test('what the table refuses changes nothing', async () => {
  const it = machine();
  const keeper = await started(it);
  const e = await keeper.change('try', { config: NEW, timeoutMs: TIMEOUT_MS }).catch((caught: unknown) => caught);
  expect(isFault(e, 'precondition')).toBe(true);
  expect(keeper.current).toBeUndefined();
});

class Crash extends Error {}

/** Files of a machined that is killed at its n-th write, before or after it reached the disk. */
function failing(files: Files, at: number, isAfter: boolean): Files & { readonly writes: () => number } {
  let writes = 0;
  const write: Files['write'] = async (...given) => {
    writes += 1;
    if (writes > at) throw new Crash('dead');
    if (writes < at || isAfter) await files.write(...given);
    if (writes === at) throw new Crash('killed');
  };
  return new Proxy(files as Files & { readonly writes: () => number }, {
    get: (target, key) => {
      if (key === 'write') return write;
      if (key === 'writes') return () => writes;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const SETUPS: Readonly<Record<string, readonly (readonly [ConfigEvent, ConfigChange?])[]>> = {
  empty: [],
  settled: [['keep', { config: OLD }]],
  staged: [
    ['keep', { config: OLD }],
    ['stage', { config: OTHER }],
  ],
  'staged-trial': [
    ['keep', { config: OLD }],
    ['stage-trial', { config: OTHER, timeoutMs: TIMEOUT_MS }],
  ],
  trial: [
    ['keep', { config: OLD }],
    ['try', { config: OTHER, timeoutMs: TIMEOUT_MS }],
  ],
};
const EVENTS = ['keep', 'try', 'stage', 'stage-trial', 'confirm', 'revert'] as const;

const cases = Object.keys(SETUPS).flatMap((setup) => EVENTS.map((event) => [setup, event] as const));

/** Makes the setup, does the event with files that fail, and gives what a machined that comes after has in force. */
async function crashed(setup: string, event: ConfigEvent, options: { at: number; isAfter: boolean; boot: string }) {
  const it = machine();
  const first = await started(it);
  for (const [before, change] of SETUPS[setup] ?? []) await first.change(before, change);
  const before = first.current?.text;
  const kept = first.kept;
  const files = failing(it.files, options.at, options.isAfter);
  const dying = it.keeper('first', files);
  let isDead = false;
  try {
    await dying.load();
    await dying.change(event, { config: NEW, timeoutMs: TIMEOUT_MS });
  } catch {
    isDead = true;
  }
  const later = await again(it, options.boot);
  await it.clock.advance(TIMEOUT_MS);
  const settled = await again(it, options.boot);
  return { before, kept, isDead, after: later.current?.text, settled: settled.current?.text, keptAfter: settled.kept };
}

test.each(cases)(
  'killed at any write while %s and %s: the old or the new, whole, and the same ever after',
  async (setup, event) => {
    const isRefused = CONFIG_STEPS[setup as keyof typeof CONFIG_STEPS][event] === null;
    for (let at = 1; at <= 5; at++) {
      for (const isAfter of [false, true]) {
        for (const boot of ['first', 'second']) {
          const seen = await crashed(setup, event, { at, isAfter, boot });
          const recorded = setup === 'empty' || setup === 'settled' ? [] : [OTHER.text];
          const fresh = isRefused || event === 'confirm' || event === 'revert' ? [] : [NEW.text];
          expect([seen.before, seen.kept, ...recorded, ...fresh]).toContain(seen.after);
          // When the time is over and nobody confirmed, only what was kept on STATE stands.
          expect(seen.settled).toBe(seen.keptAfter);
          if (event === 'keep' && !seen.isDead) expect(seen.after).toBe(NEW.text);
          if (event === 'revert' && !seen.isDead) expect(seen.after).toBe(seen.kept);
        }
      }
    }
  },
);
