import type { HostnameStatusSpec, OSRootSpec } from '@minos/api/resource-specs';
import { certSanType, formatNetIp, hostnameStatusType, nodeAddressType, osRootType, type State } from '@minos/resource';
import { type ControllerFacts, exclusive, strong } from '../controller/controller-facts.ts';
import { certSans } from './cert-sans.ts';
import { Latest } from './latest.ts';

/** Who publishes the names of the API's certificate. */
export const CERT_SAN_FACTS: ControllerFacts = {
  name: 'secrets.CertSANController',
  inputs: strong(osRootType, hostnameStatusType, nodeAddressType),
  outputs: exclusive(certSanType),
};

/** Publishes the names of the API's certificate, once the node has a name and an address beyond itself, until aborted. */
export async function followCertSans(state: State, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const latest = new Latest(state, until);
  const addresses = new Set<string>();
  let root: OSRootSpec | undefined;
  let hostname: HostnameStatusSpec | undefined;
  const following = [
    latest.follow({ type: osRootType, id: 'os' }, (spec) => {
      root = spec;
    }),
    latest.follow({ type: hostnameStatusType, id: 'hostname' }, (spec) => {
      hostname = spec;
    }),
    latest.follow({ type: nodeAddressType }, (spec) => {
      for (const { ip } of spec.addresses) addresses.add(formatNetIp({ ip }));
    }),
  ];
  const publishing = async (): Promise<void> => {
    const writer = state.as(CERT_SAN_FACTS.name);
    while (!until.aborted) {
      const changed = latest.change().catch(() => undefined);
      const isReady = hostname !== undefined && hostname.hostname !== '' && [...addresses].some(isBeyondItself);
      if (root !== undefined && hostname !== undefined && isReady) {
        await writer.put(certSanType, 'api', certSans({ root, hostname, addresses }));
      }
      await changed;
    }
  };
  try {
    await Promise.all([...following, publishing()]);
  } finally {
    stop.abort();
    await Promise.allSettled(following);
  }
}

function isBeyondItself(address: string): boolean {
  return address !== '' && address !== '::1' && !address.startsWith('127.');
}
