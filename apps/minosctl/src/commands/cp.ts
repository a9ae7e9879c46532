import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Fault, hasCode, isFault, messageOf } from '@minos/base';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { onlyNode, withSession } from '../node-call/session.ts';
import { printable } from '../output/table.ts';
import { extractTar } from '../tar/extract-tar.ts';
import { readTar } from '../tar/read-tar.ts';

/** Copies a file or a directory from one node: as tar.gz to standard output (`-`), or into a directory. */
export const cp: RunCommand<unknown> = (call) =>
  withSession(call, async (session) => {
    const node = onlyNode(session, 'cp');
    const { terminal, words } = call;
    const [source = '', destination = '-'] = words;
    const machine = client(session.channel, MachineServiceDefinition);
    const chunks = bytesOf(machine.Copy({ rootPath: source }, session.to(node)));
    try {
      if (destination === '-') {
        for await (const bytes of chunks) await terminal.out(bytes);
        return 0;
      }
      const directory = resolve(terminal.cwd, destination);
      await makeDirectory(directory, destination);
      const { files, bytes, skipped } = await extractTar(readTar(unzipped(chunks)), directory);
      for (const name of skipped) terminal.complain(`left out: ${printable(name)} is neither file, directory nor symbolic link`);
      await terminal.out(`${files} files, ${bytes} bytes in ${destination}\n`);
      return 0;
    } catch (error) {
      return reportFailures(terminal, [{ node, error }]);
    }
  });

async function makeDirectory(path: string, shown: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (e) {
    if (!hasCode(e, 'EEXIST') && !hasCode(e, 'ENOTDIR')) throw e;
    throw new Fault('exists', `${shown} is a file; name a directory, which is made, or - for the archive`, {}, { cause: e });
  }
}

async function* bytesOf(stream: AsyncIterable<{ readonly bytes: Buffer }>): AsyncGenerator<Buffer, void, undefined> {
  for await (const { bytes } of stream) yield bytes;
}

async function* unzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const source = Readable.from(chunks, { objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (e) => gunzip.destroy(e));
  source.pipe(gunzip);
  try {
    yield* gunzip;
  } catch (e) {
    if (isFault(e) || !(hasCode(e, 'Z_DATA_ERROR') || hasCode(e, 'Z_BUF_ERROR'))) throw e;
    throw new Fault('data-loss', `what came is no gzip archive, or it ends too early: ${messageOf(e)}`, {}, { cause: e });
  } finally {
    source.destroy();
  }
}
