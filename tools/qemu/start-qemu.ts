import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Fault } from '@minos/base';
import { type QemuOptions, qemuArguments } from './qemu-arguments.ts';

/** A machine that runs in QEMU; disposing it turns it off at once. */
export interface Qemu extends AsyncDisposable {
  readonly pid: number;
  /** When QEMU was started, as `performance.now()` tells. */
  readonly startedMs: number;
  /** Resolves with QEMU's exit code when the machine is off; -1 when a signal ended it. */
  readonly ended: Promise<number>;
}

/** Starts a machine. Each line of its console is handed over as it comes. */
export function startQemu(options: QemuOptions, onLine: (line: string) => void): Qemu {
  const startedMs = performance.now();
  const child = spawn('qemu-system-x86_64', qemuArguments(options), { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => onLine(line.replaceAll('\r', '')));
  const ended = endOf(child);
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    startedMs,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended.catch(() => undefined);
    },
  };
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new Fault('unavailable', 'qemu-system-x86_64 cannot be started; the Debian package is qemu-system-x86', {}, { cause }),
      );
    });
    child.once('close', (code) => resolve(code ?? -1));
  });
}
