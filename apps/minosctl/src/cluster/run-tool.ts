import { execFile } from 'node:child_process';
import { Fault, hasCode, messageOf } from '@minos/base';

/** Debian packages of the programs that a cluster is made with. */
const PACKAGE: Readonly<Record<string, string>> = { ip: 'iproute2', mount: 'mount', umount: 'mount', losetup: 'mount' };
const TIMEOUT_MS = 20_000;
const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Runs a program of the host to its end and gives what it printed. Throws `internal` with what it complained about. */
export function runTool(program: string, args: readonly string[], timeoutMs = TIMEOUT_MS): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { env: ENV, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failure([program, ...args].join(' '), error, stderr));
    });
  });
}

/** Whether a program ran to its end with exit code 0; its complaints are nobody's. */
export async function triesTool(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await runTool(program, args);
    return true;
  } catch {
    return false;
  }
}

function failure(command: string, error: unknown, stderr: string): Fault {
  const program = command.split(' ')[0] ?? '';
  if (hasCode(error, 'ENOENT')) {
    const name = PACKAGE[program] ?? program;
    return new Fault('precondition', `the program ${program} is missing: apt-get install ${name}`, {}, { cause: error });
  }
  const said = stderr.trim().replaceAll('\n', '; ') || messageOf(error);
  return new Fault('internal', `${command}: ${said}`, {}, { cause: error });
}
