import { ClusterServiceDefinition, HealthCheckRequest } from '@minos/api/cluster';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { durationMessage, durationMs } from '../cli/duration.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { onlyNode, withSession } from '../node-call/session.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly 'wait-timeout': string;
  readonly 'control-plane-nodes': readonly string[];
  readonly 'worker-nodes': readonly string[];
}

/** Lets a control plane look after the whole cluster, and prints each check as it goes. */
export const health: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const { options, terminal } = call;
    const node = onlyNode(session, 'health');
    const request = HealthCheckRequest.fromPartial({
      waitTimeout: durationMessage(durationMs(options['wait-timeout'], '--wait-timeout')),
      clusterInfo: { controlPlaneNodes: [...options['control-plane-nodes']], workerNodes: [...options['worker-nodes']] },
    });
    const cluster = client(session.channel, ClusterServiceDefinition);
    try {
      for await (const { message } of cluster.HealthCheck(request, session.to(node)))
        await terminal.out(`${printable(message)}\n`);
      return 0;
    } catch (error) {
      return reportFailures(terminal, [{ node, error }]);
    }
  });
