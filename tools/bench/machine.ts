import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** What figures belong to: the machine and the state of the sources. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  readonly commit: string;
  readonly hasLocalChanges: boolean;
  readonly time: string;
}

function git(root: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('git', args, { cwd: root, encoding: 'utf8' }, (error, stdout) => resolve(error === null ? stdout.trim() : ''));
  });
}

/** Describes this machine and the commit that is checked out. */
export async function describeMachine(root: string): Promise<Machine> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    commit: (await git(root, ['rev-parse', '--short=12', 'HEAD'])) || 'unknown',
    hasLocalChanges: (await git(root, ['status', '--porcelain'])) !== '',
    time: new Date().toISOString(),
  };
}
