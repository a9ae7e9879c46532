// node stage.ts <folder> <apid port> [mutual]: what an apid needs around it in order to be measured, until it is stopped.
// Writes certificates (ca, client, server, and peer for the first 100 addresses 127.1.x.y) and the body of an empty request into the folder, and serves machined's state in <folder>/system/run/apid/runtime.sock. Clients need no certificate,
// because h2load can show none, unless the third word is there.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APICertsSpec, APIServiceConfigSpec } from '@minos/api/resource-specs';
import { silentLogger, systemClock } from '@minos/base';
import { issueCertificate, type KeyPairPem, newCertificateAuthority, normalizePrivateKeyPem } from '@minos/pki';
import {
  allResourceTypes,
  apiCertificatesType,
  apiServiceConfigType,
  bindStateService,
  daemonPolicy,
  hostnameStatusType,
  MemoryState,
  nodeAddressType,
} from '@minos/resource';
import { serve } from '@minos/rpc';

const HOUR_MS = 3_600_000;
const [folder = '', port, mode] = process.argv.slice(2);
const nowMs = Date.now();
const ca = newCertificateAuthority({ organization: 'talos', nowMs: nowMs - HOUR_MS });
const times = { ca, notBeforeMs: nowMs - HOUR_MS, ttlMs: 24 * HOUR_MS };
const usages = { server: ['serverAuth'], client: ['clientAuth'] } as const;
const subject = { commonName: 'node' };
const server = issueCertificate({ ...times, subject, ipAddresses: ['127.0.0.1'], usages: [...usages.server] });
const peers = Array.from({ length: 100 }, (_, n) => `127.1.0.${n}`);
const peer = issueCertificate({ ...times, subject, ipAddresses: peers, usages: [...usages.server] });
const node = issueCertificate({ ...times, subject: { organizations: ['os:impersonator'] }, usages: [...usages.client] });

async function write(name: string, pair: KeyPairPem): Promise<void> {
  await writeFile(join(folder, `${name}.crt`), pair.certPem);
  await writeFile(join(folder, `${name}.key`), normalizePrivateKeyPem(pair.keyPem), { mode: 0o600 });
}

function bytesOf({ certPem, keyPem }: KeyPairPem): { crt: Buffer; key: Buffer } {
  return { crt: Buffer.from(certPem), key: Buffer.from(keyPem) };
}

await Promise.all([write('ca', ca), write('server', server), write('peer', peer), write('client', node)]);
await writeFile(join(folder, 'empty'), Buffer.alloc(5));
await mkdir(join(folder, 'site/machine.MachineService'), { recursive: true });
const reply = Buffer.from('000000000d0a0b12090a0776312e31342e30', 'hex');
await writeFile(join(folder, 'site/machine.MachineService/Version'), reply);

const state = new MemoryState({ clock: systemClock });
const writer = state.as('machined');
const service = { listenAddress: `127.0.0.1:${port}`, skipVerifyingClientCert: mode !== 'mutual' };
await writer.put(apiServiceConfigType, 'apid', APIServiceConfigSpec.fromPartial(service));
const certificates = { server: bytesOf(server), client: bytesOf(node), acceptedCAs: [{ crt: Buffer.from(ca.certPem) }] };
await writer.put(apiCertificatesType, 'api', APICertsSpec.fromPartial(certificates));
const readable = [apiServiceConfigType, apiCertificatesType, nodeAddressType, hostnameStatusType];
const until = new AbortController();
const bound = bindStateService({
  state,
  types: allResourceTypes,
  policy: daemonPolicy({ readable, owned: [] }),
  emitYaml: () => '',
  until: until.signal,
});
for (const sub of ['apid', 'machined']) await mkdir(join(folder, 'system/run', sub), { recursive: true });
await serve({
  listen: { kind: 'unix', path: join(folder, 'system/run/apid/runtime.sock') },
  services: [bound],
  log: silentLogger,
});
console.log('ready');
