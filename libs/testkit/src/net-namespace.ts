import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** A network namespace without a name: it goes with the process that holds it, which goes with this one, also when killed. */
export interface NetNamespace extends AsyncDisposable {
  /** The process that holds it. */
  readonly pid: number;
  /** Runs a command inside and returns what it printed; rejects when it fails. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** The command line that runs a command inside. */
  inside(...argv: readonly string[]): readonly [string, ...string[]];
}

/** Why network namespaces cannot be made here; undefined when they can. */
export function whyNoNetNamespace(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'network namespaces need root';
}

/** Makes a network namespace with nothing in it but `lo`, down. */
export async function netNamespace(): Promise<NetNamespace> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo made && exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  await Promise.race([once(holder.stdout, 'data'), ended]);
  const { pid } = holder;
  if (pid === undefined || holder.exitCode !== null) throw new Error('cannot make a network namespace');
  const inside = (...argv: readonly string[]): readonly [string, ...string[]] => ['nsenter', '-t', String(pid), '-n', ...argv];
  return {
    pid,
    inside,
    run: async (command, ...args) => {
      const [program, ...rest] = inside(command, ...args);
      const { stdout } = await promisify(execFile)(program, rest);
      return stdout;
    },
    [Symbol.asyncDispose]: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}
