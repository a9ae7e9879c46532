import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeOf } from './code-cache.ts';
import { NODE_FLAGS } from './programs.ts';
import { run } from './run-command.ts';
import { writeSlimNode } from './slim-node.ts';

/** What an executable is made of. */
export interface ExecutableOptions {
  readonly root: string;
  /** The main script. */
  readonly main: string;
  /** Name of an asset → its file. */
  readonly assets: Readonly<Record<string, string>>;
  /** The executable; its folder is there. */
  readonly file: string;
}

/**
 * Writes Node with a script and assets inside: it takes no option of Node from its command line or its environment, and the
 * same input gives the same bytes wherever it is made.
 */
export async function writeExecutable({ root, main, assets, file }: ExecutableOptions): Promise<void> {
  const work = await mkdtemp(`${file}.work-`);
  try {
    // Its path becomes part of the executable.
    await copyFile(main, join(work, 'main.js'));
    await writeSlimNode(nodeOf(root), join(work, 'node'));
    const config = {
      main: 'main.js',
      executable: 'node',
      output: 'executable',
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: false,
      // A configuration of OpenSSL can name libraries to load, and OPENSSL_CONF a configuration.
      execArgv: [...NODE_FLAGS, '--openssl-config=/dev/null'],
      execArgvExtension: 'none',
      assets,
    };
    await writeFile(join(work, 'config.json'), JSON.stringify(config));
    await run(nodeOf(root), ['--build-sea', 'config.json'], work);
    await rename(join(work, 'executable'), file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
