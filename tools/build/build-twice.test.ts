import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import { compareFolders } from './build-twice.ts';

test('the same files are no difference; a file that differs is named, and of a list the first entry that does', async () => {
  await using dir = await tempDir('twice');
  for (const folder of ['a', 'b']) {
    await mkdir(dir.file(folder));
    await writeFile(dir.file(`${folder}/image`), 'same');
    await writeFile(dir.file(`${folder}/list.json`), '[\n1,\n2\n]\n');
  }
  expect(await compareFolders(dir.file('a'), dir.file('b'))).toEqual({ files: 2, differences: [] });
  await writeFile(dir.file('b/list.json'), '[\n1,\n3\n]\n');
  await writeFile(dir.file('b/more'), '');
  const { differences } = await compareFolders(dir.file('a'), dir.file('b'));
  expect(differences).toHaveLength(2);
  expect(differences[0]).toMatch(/^list\.json differs: [0-9a-f]{64} and [0-9a-f]{64}\n {2}first: 2\n {2}second: 3$/);
  expect(differences[1]).toContain('more differs: nothing and ');
});
