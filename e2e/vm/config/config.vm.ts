import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { buildVm, startVm, type TestVm } from '../harness/vm.ts';

const BOOT = { withinMs: 240_000, everyMs: 200 };
const ANSWER_MS = 30_000;

beforeAll(buildVm, 300_000);

/** The first answer of a machine over TLS, by the certificates of the configuration that it was given. */
const answers = (vm: TestVm): Promise<string> => eventually(() => vm.ask(['version'], { timeoutMs: ANSWER_MS }), BOOT);

test('a machine without a disk of its own takes the configuration that is attached to the initramfs, and keeps it in memory', async () => {
  await using vm = await startVm({
    name: 'minos-embedded',
    port: 21_566,
    isKept: false,
    more: ['--config', 'initramfs', '--no-disk'],
  });
  expect(await answers(vm)).toContain('metal');
  expect(vm.console()).toContain('[minos] stage 1: configuration in the initramfs');
  expect(vm.console()).toContain('[minos] configuration taken from the initramfs');
  expect(await vm.ask(['cat', '/system/state/config.yaml'])).toBe(await readFile(join(vm.dir, 'config.yaml'), 'utf8'));
  expect(await vm.ask(['cat', '/proc/mounts'])).toMatch(/^tmpfs \/system\/state tmpfs/m);
  expect(await vm.ask(['get', 'mountstatuses.runtime.talos.dev'])).toMatch(/STATE/);
}, 600_000);

test('a machine asks a server for its configuration until it gets one, and says so on its console', async () => {
  const asked: string[] = [];
  const dir = { path: '' };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (asked.length === 1) response.writeHead(503).end();
    else
      readFile(join(dir.path, 'config.yaml')).then(
        (text) => response.end(text),
        () => response.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    const more = ['--config', `http://10.0.2.100/$\{mac}`, '--host-port', String(port)];
    await using vm = await startVm({ name: 'minos-url', port: 21_567, more });
    dir.path = vm.dir;
    expect(await answers(vm)).toContain('metal');
    expect(asked).toEqual(['/52%3A54%3A00%3A12%3A34%3A56', '/52%3A54%3A00%3A12%3A34%3A56']);
    expect(vm.console()).toMatch(/\[minos\] configuration: http:\/\/10\.0\.2\.100\/\S+ answers with HTTP 503; next try in \d+ s/);
    expect(vm.console()).toMatch(/\[minos\] configuration taken from http:\/\/10\.0\.2\.100\//);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}, 600_000);

test('a machine without any says what it waits for, and where it can be reached', async () => {
  await using vm = await startVm({ name: 'minos-none', port: 21_568, isKept: false, more: ['--config', 'none'] });
  await eventually(
    () => expect(vm.console()).toMatch(/\[minos\] waiting for a configuration on port 50000, certificate fingerprint \S{44}/),
    BOOT,
  );
}, 600_000);
