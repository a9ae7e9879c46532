import { execFile } from 'node:child_process';
import { Fault } from '@minos/base';

/** Runs a program of the machine to its end and returns its output; a failure is a Fault with what it wrote. */
export function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const options = { cwd, encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: 'C' } } as const;
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (cause, stdout, stderr) => {
      if (cause === null) return resolve(stdout);
      reject(
        new Fault('internal', `${program} failed: ${(stderr || stdout || cause.message).trim().slice(-2000)}`, {}, { cause }),
      );
    });
  });
}
