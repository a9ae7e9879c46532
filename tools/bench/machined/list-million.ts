import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@minos/base';
import type { BenchContext, Figure } from '../measurement.ts';
import type { BenchNode } from './bench-node.ts';

const FILES = 1_000_000;

interface Listed {
  readonly files: number;
  readonly firstMs: number;
  readonly ms: number;
}

/** Makes so many empty files in so many folders. */
function makeFiles(root: string, folders: number): void {
  for (let d = 0; d < folders; d++) {
    const folder = join(root, `d${d}`);
    mkdirSync(folder, { recursive: true });
    for (let f = 0; f < FILES / folders; f++) closeSync(openSync(`${folder}/f${f}`, 'wx'));
  }
}

/** The most memory of a process since `clear_refs` was written, MiB (proc_pid_clear_refs(5)). */
async function peakMib(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) / 1024;
}

/** List of a million files through apid and machined, in a thousand folders and in one: how fast, and how much memory machined needs for it. */
export async function listMillion({ root, node }: BenchContext, bench: BenchNode): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, folders] of [
    ['1000 folders', 1000],
    ['one folder', 1],
  ] as const) {
    const folder = join(bench.ephemeral, 'million');
    makeFiles(folder, folders);
    const pid = await bench.machinedPid();
    await writeFile(`/proc/${pid}/clear_refs`, '5');
    const before = await peakMib(pid);
    const args = [join(root, 'e2e/bench/list-files.ts'), bench.clientConfig, bench.address, '/var/million'];
    const { stdout } = await promisify(execFile)(node, args);
    const { files, ms, firstMs }: Listed = JSON.parse(stdout);
    if (files !== FILES) throw new Fault('internal', `${files} of ${FILES} files were told of`);
    const label = `List of 1 M files in ${name}`;
    figures.push(
      { name: `${label}: rate`, value: Math.round(files / ms), unit: '1000/s' },
      { name: `${label}: first answer`, value: Math.round(firstMs), unit: 'ms' },
      { name: `${label}: growth of machined at most`, value: Math.round((await peakMib(pid)) - before), unit: 'MiB', atMost: 64 },
    );
    await rm(folder, { recursive: true });
  }
  return figures;
}
