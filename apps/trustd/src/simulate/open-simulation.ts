import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OSRootSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { Fault, formatProblems, Scope } from '@minos/base';
import { toYamlText } from '@minos/config';
import type { DaemonContext } from '@minos/daemon';
import { issueCertificate, newCertificateAuthority } from '@minos/pki';
import { affiliateType, bindStateService, daemonPolicy, MemoryState, osRootType, trustdCertificatesType } from '@minos/resource';
import { serve } from '@minos/rpc';
import { type Fixture, parseFixture } from './fixture.ts';

/** A machined that is not there: its state on trustd's runtime.sock. Disposing it ends it. */
export interface Simulation extends AsyncDisposable {
  /** Where the run tree is; the certificate of the made-up authority is in `ca.crt` there. */
  readonly runDir: string;
}

const DAY_MS = 24 * 3600 * 1000;
const OWNER = 'simulation';

/** Makes an authority and a certificate, and serves the state that trustd reads. Throws a Fault `invalid` for a wrong fixture. */
export async function openSimulation(
  context: Pick<DaemonContext, 'runDir' | 'clock' | 'log'>,
  file: string,
): Promise<Simulation> {
  const fixture = parseFixture(await readFile(file, 'utf8'));
  if (!fixture.ok) throw new Fault('invalid', `fixture ${file}: ${formatProblems(fixture.problems)}`);
  const scope = new Scope();
  const runDir = context.runDir === '' ? await mkdtemp(join(tmpdir(), 'trustd-')) : context.runDir;
  if (context.runDir === '') scope.use(() => rm(runDir, { recursive: true, force: true }));
  const state = new MemoryState({ clock: context.clock });
  const types = [osRootType, trustdCertificatesType, affiliateType];
  const policy = daemonPolicy({ readable: [osRootType, trustdCertificatesType], owned: [affiliateType] });
  const service = bindStateService({ state, types, policy, emitYaml: toYamlText });
  const path = join(runDir, 'system/run/trustd/runtime.sock');
  scope.use(await serve({ listen: { kind: 'unix', path, mode: 0o600 }, services: [service], log: context.log }));
  const caPem = await fill(state, fixture.value, context.clock.now());
  await writeFile(join(runDir, 'ca.crt'), caPem);
  context.log.info({ runDir, ca: join(runDir, 'ca.crt') }, 'simulated state is served');
  return { runDir, [Symbol.asyncDispose]: () => scope.close() };
}

async function fill(state: MemoryState, fixture: Fixture, nowMs: number): Promise<string> {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs });
  const own = issueCertificate({
    ca,
    subject: { commonName: fixture.hostname },
    dnsNames: [fixture.hostname],
    ipAddresses: fixture.addresses,
    usages: ['serverAuth'],
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    notBeforeMs: nowMs,
    ttlMs: DAY_MS,
  });
  const writer = state.as(OWNER);
  const accepted = { crt: Buffer.from(ca.certPem) };
  const issuingCa = { crt: Buffer.from(ca.certPem), key: Buffer.from(ca.keyPem) };
  await writer.put(osRootType, 'os', OSRootSpec.fromPartial({ token: fixture.token, issuingCa, acceptedCAs: [accepted] }));
  const server = { crt: Buffer.from(own.certPem), key: Buffer.from(own.keyPem) };
  await writer.put(trustdCertificatesType, 'trustd', TrustdCertsSpec.fromPartial({ server, acceptedCAs: [accepted] }));
  return ca.certPem;
}
