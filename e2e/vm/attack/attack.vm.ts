import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, type TempDir, tempDir } from '@minos/testkit';
import { ATTACKS, PLANTED } from '../../scenarios/foreign-code/attacks.ts';
import { buildVm, startVm, type TestVm } from '../harness/vm.ts';
import { makePlantedDisk } from './planted-disk.ts';

const DAEMONS = ['machined', 'networkd', 'apid', 'trustd'];
const APID_UID = 50;
const SCRIPT = `${PLANTED}/evil.cjs`;
const LIBRARY = `${PLANTED}/planted.node`;
const DEBUGGER_PORT = ':240D ';
const REFUSED = 'attach Operation not permitted, memory Permission denied, read Operation not permitted';
const BOOT = { withinMs: 280_000, everyMs: 500 };
/** Each start of a Node takes seconds here; all attempts are made on a node in namespaces (e2e/scenarios/foreign-code). */
const TRIED = ['a script', 'code', 'NODE_OPTIONS', 'a configuration of OpenSSL'];

let temp: TempDir;
let vm: TestVm;
beforeAll(async () => {
  await buildVm();
  temp = await tempDir('vm-attack');
  const dir = join(temp.path, 'vm');
  await makePlantedDisk(join(dir, 'ephemeral.img'), temp.path);
  vm = await startVm({
    name: 'minos-attack',
    port: 21_566,
    dir,
    kernelArguments: [
      `NODE_OPTIONS=--require=${SCRIPT}`,
      `LD_PRELOAD=${LIBRARY}`,
      `OPENSSL_CONF=${PLANTED}/openssl.cnf`,
      `NODE_REPL_EXTERNAL_MODULE=${SCRIPT}`,
      `NODE_EXTRA_CA_CERTS=${SCRIPT}`,
      `init=${PLANTED}/node`,
      SCRIPT,
    ],
  });
  await eventually(async () => expect((await vm.ask(['services'])).match(/Running +OK/g)).toHaveLength(4), BOOT);
}, 400_000);
afterAll(async () => {
  await vm?.[Symbol.asyncDispose]();
  await temp?.[Symbol.asyncDispose]();
}, 60_000);

/** The marks that foreign code has left so far. */
async function look(): Promise<readonly string[]> {
  const listing = await vm.ask(['ls', '/var/marks'], { timeoutMs: 30_000 });
  return ['script', 'library'].filter((name) => new RegExp(`\\b${name}$`, 'm').test(listing));
}

test('of kernel arguments that a Node or the loader would obey as environment, nothing ran', async () => {
  expect(await vm.ask(['cat', '/proc/cmdline'])).toContain(`LD_PRELOAD=${LIBRARY}`);
  expect(await vm.ask(['ls', PLANTED])).toContain('planted.node');
  expect(await look()).toEqual([]);
  expect(await vm.ask(['processes'])).toMatch(/ 1 .*\/sbin\/init metal$/m);
});

test('nobody without the capability can look into any process', async () => {
  for (const name of [...DAEMONS, 'sleeper']) expect(await vm.agent.ask(`intrude ${name} ${APID_UID}`)).toBe(REFUSED);
});

test('no service can be looked into by a process of its own uid even where the kernel would let it into an ordinary process', async () => {
  expect(await vm.agent.ask('scope 0')).toBe('scope 0');
  expect(await vm.agent.ask(`intrude sleeper ${APID_UID}`)).toBe('attach done, memory done, read done');
  for (const name of DAEMONS) expect(await vm.agent.ask(`intrude ${name} ${APID_UID}`)).toBe(REFUSED);
});

test('SIGUSR1 opens no debugger', async () => {
  for (const name of DAEMONS) {
    const pid = (await vm.agent.ask(`pid ${name}`)).split(' ')[1];
    expect(await vm.agent.ask(`wake ${name}`)).toBe(`signalled ${pid}`);
    expect(await vm.agent.ask(`pid ${name}`)).toBe(`pid ${pid}`);
  }
  expect(await vm.ask(['cat', '/proc/net/tcp'])).not.toContain(DEBUGGER_PORT);
});

test('what makes a plain Node on EPHEMERAL run a script or load a library makes no program of the image do so', async () => {
  const attacks = ATTACKS.filter(({ name }) => TRIED.includes(name));
  expect(attacks).toHaveLength(TRIED.length);
  const words = (env: Readonly<Record<string, string>> | undefined): string[] =>
    Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
  for (const { env, ours } of attacks) {
    for (const name of DAEMONS) {
      expect(await vm.agent.ask(['run', ...words(env), `/sbin/${name}`, ...ours].join(' '))).toMatch(/^ran code (0|100)$/);
    }
  }
  expect(await look()).toEqual([]);
  const [script] = attacks;
  expect(await vm.agent.ask(['run', `${PLANTED}/node`, ...(script?.plain ?? [])].join(' '))).toBe('ran code 0');
  expect(await look()).toEqual(['script']);
  // The loader obeys it whatever the program: what protects a node is that nobody's environment reaches a service.
  await vm.agent.ask(`run LD_PRELOAD=${LIBRARY} /sbin/apid --help`);
  expect(await look()).toEqual(['script', 'library']);
}, 400_000);
