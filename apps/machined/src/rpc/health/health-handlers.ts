import type { ClusterInfo, ClusterServiceDefinition } from '@minos/api/cluster';
import { MachineType } from '@minos/api/resource-specs';
import { Fault } from '@minos/base';
import { issueCertificate, normalizePrivateKeyPem } from '@minos/pki';
import { formatNetIp, memberType, nodeAddressType } from '@minos/resource';
import { dial, type Implementation, type RpcChannel } from '@minos/rpc';
import type { HealthNodes } from '../../health/cluster-view.ts';
import { HEALTH_CHECKS } from '../../health/health-checks.ts';
import { remoteView } from '../../health/remote-view.ts';
import { runHealthChecks } from '../../health/run-health-checks.ts';
import { APID_PORT } from '../../node-config/config-publish.ts';
import type { Machine } from '../../runtime/machine.ts';

type Deps = Pick<Machine, 'state' | 'clock' | 'config'>;

const DEFAULT_TIMEOUT_MS = 20 * 60_000;
const CERTIFICATE_MS = 10 * 60_000;

/** cluster.ClusterService: asks all nodes through this node's own API, with no more rights than the caller has. */
export function healthHandlers(machine: Deps): Implementation<typeof ClusterServiceDefinition> {
  return {
    HealthCheck: async function* (request, { roles, signal }) {
      using channel = dialSelf(machine, roles);
      const nodes = await nodesOf(machine, request.clusterInfo);
      const { seconds, nanos } = request.waitTimeout ?? { seconds: 0n, nanos: 0 };
      const timeoutMs = Number(seconds) * 1000 + Math.floor(nanos / 1e6) || DEFAULT_TIMEOUT_MS;
      const run = { checks: HEALTH_CHECKS, view: remoteView(channel), nodes, clock: machine.clock, timeoutMs };
      for await (const message of runHealthChecks(run, signal)) yield { metadata: undefined, message };
    },
  };
}

function dialSelf({ state, clock, config }: Deps, roles: ReadonlySet<string>): RpcChannel {
  const current = config.current;
  const keyPem = current?.ca?.keyPem?.reveal();
  if (current?.ca === undefined || keyPem === undefined || current.machineType === 'worker') {
    throw new Fault('unimplemented', 'the health of the cluster is told by control planes only; ask one of them');
  }
  const address = formatNetIp(state.peek(nodeAddressType, 'default')?.spec.addresses[0]);
  if (address === '') throw new Fault('precondition', 'this node has no address yet');
  const { certPem, keyPem: key } = issueCertificate({
    ca: { certPem: current.ca.certPem, keyPem },
    subject: { organizations: [...roles].sort() },
    usages: ['clientAuth'],
    notBeforeMs: clock.now(),
    ttlMs: CERTIFICATE_MS,
  });
  const ca = [current.ca.certPem, ...current.acceptedCAs].join('\n');
  return dial({ kind: 'tcp', host: address, port: APID_PORT, tls: { ca, cert: certPem, key: normalizePrivateKeyPem(key) } });
}

/** Those that the caller names, else the members. */
async function nodesOf({ state }: Deps, named: ClusterInfo | undefined): Promise<HealthNodes> {
  if (named !== undefined && named.controlPlaneNodes.length + named.workerNodes.length > 0) {
    return { controlPlanes: named.controlPlaneNodes, workers: named.workerNodes };
  }
  const members = (await state.list(memberType)).map(({ spec }) => spec);
  const addressesOf = (wanted: (type: MachineType) => boolean): string[] =>
    members.filter(({ machineType }) => wanted(machineType)).flatMap(({ addresses }) => formatNetIp(addresses[0]) || []);
  return {
    controlPlanes: addressesOf((type) => type !== MachineType.TYPE_WORKER),
    workers: addressesOf((type) => type === MachineType.TYPE_WORKER),
  };
}
