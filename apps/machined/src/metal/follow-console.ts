import { spkiFingerprint } from '@minos/pki';
import { apiCertificatesType, formatNetIpPrefix, hostnameStatusType, nodeAddressType } from '@minos/resource';
import { APID_PORT } from '../node-config/config-publish.ts';
import type { Machine } from '../runtime/machine.ts';
import { consoleLine, isReadyEvent } from './console-line.ts';

/** KERN_NOTICE and KERN_WARNING of the kernel's log. */
const NOTICE = 5;
const FROM_NOW = { tailEvents: -1, tailId: '', tailSeconds: 0, actorId: '' };

/** Says on the console, through the kernel's log, how the boot goes on, and how the node is reached once it is up; until aborted. */
export async function followConsole(machine: Machine, signal: AbortSignal): Promise<void> {
  const { events, host } = machine;
  let reachedAt = '';
  for await (const { data } of events.read(FROM_NOW, signal)) {
    const line = consoleLine(data);
    if (line !== undefined) await host.kernelLog.write(NOTICE, `[minos] ${line}`);
    if (!isReadyEvent(data)) continue;
    const now = await howToReach(machine);
    if (now !== reachedAt) await host.kernelLog.write(NOTICE, `[minos] ${now}`);
    reachedAt = now;
  }
}

/** Name, addresses and the fingerprint of the certificate that a client without configuration would pin. */
async function howToReach({ state }: Machine): Promise<string> {
  const [hostname, addresses, certificates] = await Promise.all([
    state.get(hostnameStatusType, 'hostname'),
    state.get(nodeAddressType, 'current'),
    state.get(apiCertificatesType, 'api'),
  ]);
  const name = hostname?.spec.hostname ?? 'node';
  const places = (addresses?.spec.addresses ?? []).map((a) => formatNetIpPrefix(a).replace(/\/\d+$/, ''));
  const pem = certificates?.spec.server?.crt;
  const fingerprint = pem === undefined ? 'none' : spkiFingerprint(Buffer.from(pem).toString());
  return `${name} is up: address ${places.join(', ') || 'none'}, port ${APID_PORT}, certificate fingerprint ${fingerprint}`;
}
