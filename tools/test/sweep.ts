import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepDeadRuns } from '@minos/testkit';
import { runLimited } from './limited-command.ts';

/** Takes away what killed runs of the tests left on this machine: clusters of the stories, and directories. Gives the paths that went. */
export function sweepLeftovers(root: string): Promise<readonly string[]> {
  return sweepDeadRuns(async ({ path, purpose, pid }) => {
    const dir = join(path, 'cluster');
    if ((await stat(dir).catch(() => undefined)) === undefined) return;
    const args = ['node_modules/.bin/minosctl', 'cluster', 'down', '--name', `${purpose}-${pid}`, '--state-dir', dir];
    const { code } = await runLimited({ args, cwd: root, limitMs: 60_000 });
    if (code !== 0) throw new Error(`the cluster in ${dir} cannot be taken down`);
  });
}
