import { expect, test } from '@jest/globals';
import { Fault, Secret } from '@minos/base';
import { jsonLog } from './json-log.ts';
import { CountingSink } from './log-sink.ts';

/** A pipe with room for so many bytes. */
function pipe(room: number) {
  const state = { room, text: '' };
  const writeBytes = (bytes: Buffer): number => {
    const taken = Math.min(bytes.length, state.room);
    if (taken === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
    state.text += bytes.subarray(0, taken).toString();
    state.room -= taken;
    return taken;
  };
  return { state, writeBytes };
}

test('lines that do not fit are counted, and the next that fits is preceded by their number', () => {
  const { state, writeBytes } = pipe(4);
  const sink = new CountingSink(writeBytes, (lost) => `(${lost} lost)\n`);
  for (const line of ['one\n', 'two\n', 'three\n']) sink.write(line);
  state.room = 1000;
  sink.write('four\n');
  sink.write('five\n');
  expect(state.text).toBe('one\n(2 lost)\nfour\nfive\n');
});

test('a line that was cut is finished before anything else is written', () => {
  const { state, writeBytes } = pipe(6);
  const sink = new CountingSink(writeBytes, (lost) => `(${lost} lost)\n`);
  for (const line of ['one\n', 'two\n', 'three\n']) sink.write(line);
  expect(state.text).toBe('one\ntw');
  state.room = 1000;
  sink.flush();
  expect(state.text).toBe('one\ntwo\n(1 lost)\n');
});

function line(write: (log: ReturnType<typeof jsonLog>['log']) => void): string {
  const { state, writeBytes } = pipe(100_000);
  write(jsonLog({ service: 'apid', pid: 7, level: 'info', writeBytes, now: () => 0 }).log);
  return state.text;
}

test('a key stands once in a line: what the line says of it wins, and the fixed ones keep their names', () => {
  const own = line((log) => log.child({ service: 'child', node: 'a' }).info({ service: 'networkd', pid: 10, level: 3 }, 'state'));
  expect(own).toBe(
    '{"level":"info","time":"1970-01-01T00:00:00.000Z","service":"networkd","pid":10,"node":"a","level_":3,"msg":"state"}\n',
  );
});

function logged(write: (log: ReturnType<typeof jsonLog>['log']) => void): Record<string, unknown> {
  const { state, writeBytes } = pipe(100_000);
  write(jsonLog({ service: 'apid', pid: 7, level: 'info', writeBytes, now: () => 0 }).log);
  return JSON.parse(state.text);
}

test('a line has the fixed fields, a level in words, an ISO time, and numbers of any size', () => {
  expect(logged((log) => log.child({ node: 'a' }).warn({ size: 5n, list: [2n ** 40n] }, 'careful'))).toEqual({
    level: 'warn',
    time: '1970-01-01T00:00:00.000Z',
    service: 'apid',
    pid: 7,
    node: 'a',
    size: 5,
    list: [2 ** 40],
    msg: 'careful',
  });
});

test('an error shows its kind, fields and causes', () => {
  const line = logged((log) =>
    log.error({ err: new Fault('denied', 'no', { path: '/x' }, { cause: new Error('why') }) }, 'failed'),
  );
  expect(line['err']).toMatchObject({ kind: 'denied', message: 'no', fields: { path: '/x' }, cause: { message: 'why' } });
});

test('secrets and private keys never reach the log', () => {
  const key = '-----BEGIN ED25519 PRIVATE KEY-----\nMC4CAQ\n-----END ED25519 PRIVATE KEY-----';
  const line = logged((log) => log.info({ secret: new Secret('s3cret'), err: new Error(`bad ${key} here`), raw: key }, 'oops'));
  expect(JSON.stringify(line)).not.toMatch(/s3cret|MC4CAQ/);
  expect(line).toMatchObject({ msg: 'oops' });
});

test('a field that throws when it is written does not take the daemon down', () => {
  const trap = {
    toJSON() {
      throw new Error('trap');
    },
  };
  const { writeBytes } = pipe(1000);
  const { log } = jsonLog({ service: 'apid', pid: 7, level: 'info', writeBytes, now: () => 0 });
  expect(() => log.info({ trap }, 'x')).not.toThrow();
});
