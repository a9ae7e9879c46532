import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { hasCode, Scope, systemClock } from '@minos/base';
import { parseFixture, simulatedHost } from '@minos/host/simulated';
import { addressSpecType, allResourceTypes, MemoryState } from '@minos/resource';
import { eventually, recordingLogger } from '@minos/testkit';
import { NodeIdentity } from '../cluster/node-identity.ts';
import { EventLog } from '../event/event-log.ts';
import { ConfigReader } from '../node-config/config-reader.ts';
import { pathsOf } from '../runtime/paths.ts';
import { EMBEDDED_FILE } from './config-sources.ts';
import { consoleLine } from './console-line.ts';
import { type FetchHost, fetchConfig } from './fetch-config.ts';

const never = (): AbortSignal => new AbortController().signal;
const packed = (text: string): string => zstdCompressSync(text).toString('base64');

/** The configuration in the fixture of machined. */
async function goodConfig(): Promise<string> {
  const fixture = await readFile(join(import.meta.dirname, '../../fixture.yaml'), 'utf8');
  const [, block = ''] = /\n( {12}version: v1alpha1\n(?: {12}.*\n|\n)*)/.exec(fixture) ?? [];
  return block.replaceAll(/^ {12}/gm, '');
}

interface Machine extends AsyncDisposable {
  readonly machine: FetchHost;
  /** What STATE has; undefined for nothing. */
  kept(): Promise<string | undefined>;
  console(): Promise<string>;
}

/** What the console says of the events so far. */
async function told(events: EventLog): Promise<string[]> {
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const lines: string[] = [];
  for await (const { data } of events.read({ tailEvents: -1, tailId: '', tailSeconds: 0, actorId: '' }, stop.signal)) {
    lines.push(consoleLine(data) ?? '');
  }
  return lines;
}

async function open(commandLine: string, files: Readonly<Record<string, string>> = {}): Promise<Machine> {
  const fixture = parseFixture({ files: { '/proc/cmdline': { content: commandLine } } });
  if (!fixture.ok) throw new Error('the fixture is wrong');
  const clock = systemClock;
  const host = simulatedHost(fixture.value, { clock });
  await host.files.makeDirectory('/system/state');
  await host.files.makeDirectory('/run/stage1');
  for (const [path, text] of Object.entries(files)) await host.files.write(path, text);
  const paths = pathsOf({ files: '', sockets: '' });
  const identity = new NodeIdentity(host.files, paths.identityFile);
  await identity.load(host.system);
  const machine = {
    host,
    clock,
    config: { reader: new ConfigReader() },
    paths,
    identity,
    log: recordingLogger(),
    events: new EventLog(clock, Buffer.from('abcde')),
    state: new MemoryState({ clock, types: allResourceTypes }),
  };
  return {
    machine,
    kept: async () => {
      try {
        return await host.files.readText(paths.configFile);
      } catch (e) {
        if (hasCode(e, 'ENOENT')) return undefined;
        throw e;
      }
    },
    console: async () => {
      const lines = await told(machine.events);
      for await (const { message } of host.kernelLog.records({ follow: false, tail: false }, never())) lines.push(message);
      return lines.join('\n');
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

test('what is on STATE stands, whatever else there is', async () => {
  await using it = await open(`talos.config.early=${packed(await goodConfig())}`, { '/system/state/config.yaml': 'mine' });
  await fetchConfig(it.machine, never());
  expect(await it.kept()).toBe('mine');
});

test('the initramfs comes before the kernel command line, and the console says what was taken', async () => {
  const good = await goodConfig();
  const other = `${good}# another\n`;
  await using it = await open(`talos.config.early=${packed(other)}`, { [EMBEDDED_FILE]: good });
  await fetchConfig(it.machine, never());
  expect(await it.kept()).toBe(good);
  expect(await it.console()).toContain('[minos] configuration taken from the initramfs');
});

test('a wrong one is told and not taken, and the next place counts', async () => {
  const good = await goodConfig();
  await using it = await open(`talos.config.early=${packed('machine: 5')} minos.config.inline=${packed(good)}`);
  await fetchConfig(it.machine, never());
  expect(await it.kept()).toBe(good);
  expect(await it.console()).toContain('the kernel argument talos.config.early is wrong');
});

test('without any there is none', async () => {
  await using it = await open('talos.config=none quiet');
  await fetchConfig(it.machine, never());
  expect(await it.kept()).toBeUndefined();
});

test('a server is asked again until it has a good one, with what the machine says of itself and the address that the kernel was given', async () => {
  const good = await goodConfig();
  const bodies = ['', 'machine: 5', good];
  const asked: string[] = [];
  await using scope = new Scope();
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(bodies[asked.length - 1] ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.use(async () => void (await new Promise((resolve) => server.close(resolve))));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const url = `http://127.0.0.1:${port}/\${hostname}?code=\${code}`;
  await using it = await open(`talos.config=${url} ip=10.0.2.15::10.0.2.2:255.255.255.0::eth0:off`);
  await fetchConfig(it.machine, never());
  expect(await it.kept()).toBe(good);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toMatch(/^\/minos-\w{6}\?code=/);
  expect(await it.machine.state.get(addressSpecType, 'eth0/10.0.2.15/24')).toBeDefined();
  expect(await it.console()).toMatch(/answer is empty; next try in 1 s\n.*is wrong: .*; next try in 2 s\n.*taken from http/s);
}, 30_000);

test('waiting for a server ends when the boot does', async () => {
  await using it = await open('talos.config=http://127.0.0.1:1/');
  const stop = new AbortController();
  const fetching = fetchConfig(it.machine, stop.signal).catch((e: unknown) => e);
  await eventually(async () => expect(await it.console()).toContain('next try'), { withinMs: 10_000 });
  stop.abort();
  expect(await fetching).toBeDefined();
  expect(await it.kept()).toBeUndefined();
}, 30_000);
