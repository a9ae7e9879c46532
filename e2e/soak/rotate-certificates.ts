import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { systemClock } from '@minos/base';
import type { Cluster, ClusterNode } from '../harness/cluster.ts';

const WITHIN_MS = 60_000;

/** Has every node get a new certificate, by a name more in its configuration; resolves when each shows it to new connections. */
export async function rotateCertificates(cluster: Cluster, name: string): Promise<void> {
  for (const node of cluster.nodes) {
    const before = await serverFingerprint(node);
    const text = await readFile(join(node.stateDir, 'config.yaml'), 'utf8');
    const file = join(cluster.dir, `${node.name}-rotated.yaml`);
    await writeFile(file, withName(text, name));
    const applied = await cluster.minosctl(['-n', node.address, 'apply-config', '-f', file], { timeoutMs: WITHIN_MS });
    if (applied.code !== 0) throw new Error(`apply-config on ${node.name} ended with ${applied.code}: ${applied.stderr}`);
    const giveUp = AbortSignal.timeout(WITHIN_MS);
    while ((await serverFingerprint(node)) === before) await systemClock.sleep(200, giveUp);
  }
}

/** The configuration with one name more for the certificate of the API. */
function withName(text: string, name: string): string {
  if (/^ {4}certSANs: \[\]$/m.test(text)) return text.replace(/^ {4}certSANs: \[\]$/m, `    certSANs:\n        - ${name}`);
  if (/^ {4}certSANs:$/m.test(text)) return text.replace(/^ {4}certSANs:$/m, `    certSANs:\n        - ${name}`);
  return text.replace(/^machine:$/m, `machine:\n    certSANs:\n        - ${name}`);
}

/** The certificate that a node shows; without one of ours the handshake fails after that. */
function serverFingerprint(node: ClusterNode): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: node.address, port: 50_000, rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
