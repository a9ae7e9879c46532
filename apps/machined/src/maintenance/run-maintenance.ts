import { APICertsSpec, APIServiceConfigSpec, HostnameSpecSpec, NetworkConfigLayer } from '@minos/api/resource-specs';
import { isFault, messageOf } from '@minos/base';
import { selfSigned } from '@minos/pki';
import {
  addressStatusType,
  apiCertificatesType,
  apiServiceConfigType,
  formatNetIpPrefix,
  hostnameSpecType,
  linkSpecType,
  linkStatusType,
} from '@minos/resource';
import { automaticHostname } from '../node-config/automatic-hostname.ts';
import { APID_PORT } from '../node-config/config-publish.ts';
import type { Machine } from '../runtime/machine.ts';
import { API_OWNER } from '../secrets/secrets-deps.ts';
import { maintenanceLinks } from './maintenance-links.ts';

/** Nobody can know this name; clients pin the key. */
const COMMON_NAME = 'maintenance-service.talos.dev';
/** Longer than anybody waits; the key is made anew with every start. */
const TTL_MS = 30 * 24 * 3600 * 1000;
/** KERN_NOTICE. */
const NOTICE = 5;

/**
 * Serves the reduced API until there is a configuration: every link is up, so that the node has at least addresses of its links;
 * apid takes anybody as a reader, answers for this node only, and shows a certificate of its own whose fingerprint is in the log and
 * on the console. Throws `cancelled` when aborted.
 */
export async function runMaintenance(machine: Machine, signal: AbortSignal): Promise<void> {
  const { services, config, log } = machine;
  const fingerprint = await showCertificate(machine);
  await openApi(machine);
  for (const id of ['networkd', 'apid'] as const) services.start(id);
  await tell(machine, `waiting for a configuration on port ${APID_PORT}, certificate fingerprint ${fingerprint}`);
  log.warn({ fingerprint }, 'waiting for a configuration over the API');
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const following = [followLinks(machine, until), tellAddresses(machine, until)];
  try {
    await config.untilAccepted(signal);
  } finally {
    stop.abort();
    await Promise.allSettled(following);
  }
  await hideCertificate(machine);
}

/** Shows a certificate that vouches for itself; gives the fingerprint of its key. */
async function showCertificate({ state, clock }: Machine): Promise<string> {
  const { certPem, keyPem, fingerprint } = selfSigned({
    subject: { commonName: COMMON_NAME },
    usages: ['serverAuth'],
    notBeforeMs: clock.now(),
    ttlMs: TTL_MS,
  });
  const server = { crt: Buffer.from(certPem), key: Buffer.from(keyPem) };
  await state.as(API_OWNER).put(apiCertificatesType, 'api', APICertsSpec.fromPartial({ server }));
  return fingerprint;
}

/** The one of maintenance is not for a configured node; another that is there already is left alone. */
async function hideCertificate({ state }: Machine): Promise<void> {
  const shown = (await state.get(apiCertificatesType, 'api'))?.spec;
  if (shown?.acceptedCAs.length === 0) await state.as(API_OWNER).remove(apiCertificatesType, 'api');
}

async function openApi({ state, identity }: Machine): Promise<void> {
  const service = APIServiceConfigSpec.fromPartial({
    listenAddress: `:${APID_PORT}`,
    nodeRoutingDisabled: true,
    readonlyRoleMode: true,
    skipVerifyingClientCert: true,
  });
  await state.as('runtime.APIServiceConfigController').put(apiServiceConfigType, 'apid', service);
  const hostname = HostnameSpecSpec.fromPartial({
    hostname: automaticHostname(identity.nodeId),
    configLayer: NetworkConfigLayer.CONFIG_DEFAULT,
  });
  await state.as('network.ConfigController').replaceAll(hostnameSpecType, new Map([['hostname', hostname]]));
}

/** Every link that is there is wanted up. */
async function followLinks({ state, config, log }: Machine, signal: AbortSignal): Promise<void> {
  const writer = state.as('network.ConfigController');
  try {
    await writer.replaceAll(linkSpecType, maintenanceLinks([]));
    for await (const event of state.watch(linkStatusType, {}, signal)) {
      if (event.kind !== 'created') continue;
      const links = (await state.list(linkStatusType)).map(({ metadata, spec }) => ({ name: metadata.id, ...spec }));
      if (config.current === undefined) await writer.replaceAll(linkSpecType, maintenanceLinks(links));
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) log.error({ err: messageOf(e) }, 'links cannot be set up without a configuration');
  }
}

/** Says where the node can be reached, as its addresses come. */
async function tellAddresses(machine: Machine, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of machine.state.watch(addressStatusType, {}, signal)) {
      if (event.kind !== 'created' || event.resource.spec.linkName === 'lo') continue;
      const { address, linkName } = event.resource.spec;
      const text = formatNetIpPrefix(address).replace(/\/\d+$/, '');
      machine.log.info({ address: text, link: linkName }, 'reachable without a configuration');
      await tell(machine, `reachable at ${text} on ${linkName}`);
    }
  } catch (e) {
    if (!isFault(e, 'cancelled')) machine.log.error({ err: messageOf(e) }, 'addresses cannot be told');
  }
}

/** On the console: through the kernel's log, where the machine has one of its own. */
async function tell({ host, platform, mayMount }: Machine, line: string): Promise<void> {
  if (platform === 'metal' && mayMount) await host.kernelLog.write(NOTICE, `[minos] ${line}`);
}
