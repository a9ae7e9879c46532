import { type RpcServer, serve } from '@minos/rpc';
import { type DaemonContext, runPath } from './context.ts';
import { healthService, type ServingSource } from './health-service.ts';

/** Serves grpc.health.v1 on the daemon's own socket, /system/run/<name>/<name>.sock in its run tree; the caller owns the server. */
export function serveHealth(context: Pick<DaemonContext, 'name' | 'runDir' | 'log'>, source: ServingSource): Promise<RpcServer> {
  return serve({
    listen: { kind: 'unix', path: runPath(context, `/system/run/${context.name}/${context.name}.sock`), mode: 0o600 },
    services: [healthService(source)],
    log: context.log,
  });
}
