import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type RpcServer, serve } from '@minos/rpc';
import { type DaemonContext, runPath } from './context.ts';
import { healthService, type ServingSource } from './health-service.ts';

/** What serving one's health needs of the process. */
type Context = Pick<DaemonContext, 'name' | 'runDir' | 'log' | 'clock' | 'signal'>;

const LOOK_MS = 20;

/**
 * Serves grpc.health.v1 on the daemon's own socket, /system/run/<name>/<name>.sock in its run tree; the caller owns the server.
 * In a node the directory is machined's to make, and a service may be there before machined: it waits for it.
 */
export async function serveHealth(context: Context, source: ServingSource): Promise<RpcServer> {
  const path = runPath(context, `/system/run/${context.name}/${context.name}.sock`);
  if (context.runDir === '') await untilMine(dirname(path), context);
  return serve({ listen: { kind: 'unix', path, mode: 0o600 }, services: [healthService(source)], log: context.log });
}

async function untilMine(directory: string, { clock, signal }: Context): Promise<void> {
  const isMine = (): Promise<boolean> =>
    access(directory, constants.W_OK).then(
      () => true,
      () => false,
    );
  while (!(await isMine())) await clock.sleep(LOOK_MS, signal);
}
