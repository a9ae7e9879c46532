import { nodeOf } from './code-cache.ts';
import type { MakerContext } from './maker-context.ts';
import { run } from './run-command.ts';

/** Makes the file that tells init on a platform what to start before machined; machined knows with what its services are started. */
export function makeEarlyFile(platform: 'container' | 'metal'): (context: MakerContext) => Promise<void> {
  return async ({ root, target }) => {
    await run(nodeOf(root), ['apps/machined/src/write-early-file.ts', platform, target], root);
  };
}
