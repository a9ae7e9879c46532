import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { linuxHost } from '@minos/host/linux';
import { recordingLogger, tempDir } from '@minos/testkit';
import { META_BYTES } from './meta-format.ts';
import { MetaStore } from './meta-store.ts';

const { files } = linuxHost();

test('values are there after a restart, deleted ones are not', async () => {
  await using dir = await tempDir('meta');
  const options = { files, log: recordingLogger(), path: dir.file('meta') };
  const first = new MetaStore(options);
  await Promise.all([first.set(12, Buffer.from('a')), first.set(13, Buffer.from('b')), first.set(12, Buffer.from('c'))]);
  await first.delete(13);
  const second = new MetaStore(options);
  await second.load();
  expect(second.values).toEqual(new Map([[12, Buffer.from('c')]]));
  expect((await files.stat(dir.file('meta'))).mode).toBe(0o600);
});

test('what is not there cannot be deleted, and what does not fit changes nothing', async () => {
  await using dir = await tempDir('meta');
  const store = new MetaStore({ files, log: recordingLogger(), path: dir.file('meta') });
  await store.set(12, Buffer.from('a'));
  const missing = await store.delete(13).catch((e: unknown) => e);
  expect(isFault(missing, 'missing') ? missing.message : '').toContain('0x0d');
  const full = await store.set(13, Buffer.alloc(META_BYTES)).catch((e: unknown) => e);
  expect(isFault(full, 'exhausted')).toBe(true);
  expect([...store.values.keys()]).toEqual([12]);
  await store.set(14, Buffer.from('goes on'));
  expect([...store.values.keys()]).toEqual([12, 14]);
});

test('a damaged file is said so, and is empty', async () => {
  await using dir = await tempDir('meta');
  const log = recordingLogger();
  await files.write(dir.file('meta'), 'rubbish');
  const store = new MetaStore({ files, log, path: dir.file('meta') });
  await store.load();
  expect(store.values.size).toBe(0);
  expect(log.lines.map(({ level, message }) => [level, message])).toEqual([['error', 'META is damaged and taken as empty']]);
});
