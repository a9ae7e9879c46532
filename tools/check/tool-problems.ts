import { execFile } from 'node:child_process';

/** What a tool found: nothing when it ended well, else its output. Never rejects. */
export function toolProblems(checkout: string, name: string, args: readonly string[]): Promise<readonly string[]> {
  const options = { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 300_000, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { ...options, env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        resolve(error === null ? [] : [`${name}: ${`${stdout}${stderr}`.trim() || error.message}`]);
      },
    );
  });
}
