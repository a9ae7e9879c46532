import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import type { QemuOptions } from '../../qemu/qemu-arguments.ts';
import { type Qemu, startQemu } from '../../qemu/start-qemu.ts';
import { cpuSeconds } from '../apid/process-use.ts';

/** What one boot took until the first answered call. */
export interface Boot {
  /** Seconds since QEMU was started. */
  readonly answerS: number;
  /** Time of the host's processors that QEMU used until then, in seconds. */
  readonly cpuS: number;
}

/** Which call is asked, on which port of 127.0.0.1. */
export interface Question {
  readonly port: number;
  readonly method: string;
  /** Files of a CA, a certificate and its key, when it is asked over TLS. */
  readonly tls?: readonly [string, string, string];
}

/** A boot that is to be measured. */
export interface BootOptions {
  readonly root: string;
  readonly machine: QemuOptions;
  readonly question: Question;
}

const PATIENCE_MS = 240_000;
const LINES_TOLD = 15;

/** Starts a machine and asks it until it answers; then hands it to `then`, and turns it off. */
export async function bootOnce({ root, machine, question }: BootOptions, then?: (qemu: Qemu) => Promise<void>): Promise<Boot> {
  const { port, method, tls } = question;
  const lines: string[] = [];
  // It is ready to ask before there is a guest.
  const asker = spawn(process.execPath, [join(root, 'e2e/bench/first-answer.ts'), String(port), method, ...(tls ?? [])], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await using qemu = startQemu(machine, (line) => lines.push(line));
    if (!(await isAnswered(asker, qemu))) {
      throw new Fault(
        'unavailable',
        `the machine did not answer ${method}; its console:\n${lines.slice(-LINES_TOLD).join('\n')}`,
      );
    }
    const boot = { answerS: (performance.now() - qemu.startedMs) / 1000, cpuS: await cpuSeconds(qemu.pid) };
    await then?.(qemu);
    return boot;
  } finally {
    asker.kill('SIGKILL');
  }
}

function isAnswered(asker: ChildProcess, qemu: Qemu): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    asker.once('error', reject);
    asker.once('exit', (code) => end(code === 0));
    qemu.ended.then(() => end(false), reject);
  });
}
