import { type CertSANSpec, ConfigMachineType, type OSRootSpec } from '@minos/api/resource-specs';
import { aborted, messageOf } from '@minos/base';
import {
  apiCertificatesType,
  certSanType,
  diagnosticType,
  machineConfigType,
  machineTypeType,
  osRootType,
  trustdCertificatesType,
} from '@minos/resource';
import { type ControllerFacts, exclusive, shared, strong } from '../controller/controller-facts.ts';
import { runJoin } from '../join/run-join.ts';
import { followCertSans } from './follow-cert-sans.ts';
import { Latest } from './latest.ts';
import { runLocalAuthority } from './run-local-authority.ts';
import { API_OWNER, type SecretsDeps, TRUSTD_OWNER } from './secrets-deps.ts';

const CERTIFICATE_INPUTS = strong(machineTypeType, osRootType, certSanType, machineConfigType);

/** Who publishes the certificates. */
export const SECRETS_FACTS: readonly ControllerFacts[] = [
  { name: API_OWNER, inputs: CERTIFICATE_INPUTS, outputs: [...exclusive(apiCertificatesType), ...shared(diagnosticType)] },
  { name: TRUSTD_OWNER, inputs: CERTIFICATE_INPUTS, outputs: exclusive(trustdCertificatesType) },
];

interface Inputs {
  type: ConfigMachineType;
  root: OSRootSpec | undefined;
  sans: CertSANSpec | undefined;
}

/**
 * Keeps the node's certificates good until aborted: the names they are for, and ApiCertificates and TrustdCertificates
 * from the local authority on a control plane, or ApiCertificates from trustd on a worker. A change of what they follow
 * from is acted on at once; certificates that are still right are kept, also those of an earlier machined.
 */
export async function runSecrets(deps: SecretsDeps, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const latest = new Latest(deps.state, until);
  const inputs: Inputs = { type: ConfigMachineType.UNKNOWN, root: undefined, sans: undefined };
  await restore(deps);
  const following = [
    followCertSans(deps.state, until),
    latest.follow({ type: machineTypeType, id: 'machine-type' }, (spec) => {
      inputs.type = spec.machineType;
    }),
    latest.follow({ type: osRootType, id: 'os' }, (spec) => {
      inputs.root = spec;
    }),
    latest.follow({ type: certSanType, id: 'api' }, (spec) => {
      inputs.sans = spec;
    }),
    // Another endpoint of the control plane is a change only of this.
    latest.follow({ type: machineConfigType, id: 'v1alpha1' }, () => undefined),
  ];
  try {
    await Promise.all([...following, keepCertificates(deps, { inputs, latest }, until)]);
  } finally {
    stop.abort();
    await Promise.allSettled(following);
  }
}

/** What an earlier machined issued or obtained stands until it is looked at. */
async function restore({ state, keep }: SecretsDeps): Promise<void> {
  const { api, trustd } = await keep.load();
  if (api !== undefined) await state.as(API_OWNER).put(apiCertificatesType, 'api', api);
  if (trustd !== undefined) await state.as(TRUSTD_OWNER).put(trustdCertificatesType, 'trustd', trustd);
}

interface Followed {
  readonly inputs: Inputs;
  readonly latest: Latest;
}

async function keepCertificates(deps: SecretsDeps, { inputs, latest }: Followed, until: AbortSignal): Promise<void> {
  let lastType: ConfigMachineType = ConfigMachineType.UNKNOWN;
  while (!until.aborted) {
    const untilChange = latest.untilChange;
    const { type, root, sans } = inputs;
    if (lastType !== ConfigMachineType.UNKNOWN && isWorker(type) !== isWorker(lastType)) await forget(deps);
    lastType = type;
    if (type !== ConfigMachineType.UNKNOWN && root !== undefined && sans !== undefined) {
      const run = isWorker(type) ? runJoin : runLocalAuthority;
      try {
        await run(deps, { root, sans }, untilChange);
      } catch (e) {
        if (until.aborted) return;
        deps.log.error({ err: messageOf(e) }, 'certificates could not be renewed; they are tried again');
        await deps.clock.sleep(RETRY_MS, untilChange).catch(() => undefined);
        continue;
      }
    }
    await aborted(untilChange);
  }
}

const RETRY_MS = 5000;

function isWorker(type: ConfigMachineType): boolean {
  return type === ConfigMachineType.WORKER;
}

/** A node that becomes something else does not go on with what it was. */
async function forget({ state, keep }: SecretsDeps): Promise<void> {
  await state.as(API_OWNER).remove(apiCertificatesType, 'api');
  await state.as(TRUSTD_OWNER).remove(trustdCertificatesType, 'trustd');
  await keep.save({ api: undefined, trustd: undefined });
}
