// node log-followers.ts <client configuration> <node> <service> <count>: follows the log of a service so many times, over ten
// connections; prints `following`, and at the end of its input how much came, and how often a follower was told that it lost something.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { ContainerDriver } from '@minos/api/common';
import { MachineServiceDefinition } from '@minos/api/machine';
import { parseClientConfig } from '@minos/config';
import { normalizePrivateKeyPem } from '@minos/pki';
import { client, dial } from '@minos/rpc';

const CONNECTIONS = 10;
const [configFile = '', node = '', id = '', count] = process.argv.slice(2);
const config = parseClientConfig(await readFile(configFile, 'utf8'));
const context = config.ok ? config.value.contexts.get(config.value.context) : undefined;
if (context?.caPem === undefined || context.certPem === undefined || context.keyPem === undefined) throw new Error('no context');
const tls = { ca: context.caPem, cert: context.certPem, key: normalizePrivateKeyPem(context.keyPem) };
const stop = new AbortController();
const totals = { bytes: 0, markers: 0 };

async function follow(machine: ReturnType<typeof connected>): Promise<void> {
  const request = { namespace: 'system', driver: ContainerDriver.CONTAINERD, id, follow: true, tailLines: 1 };
  for await (const { bytes } of machine.Logs(request, { signal: stop.signal })) {
    totals.bytes += bytes.length;
    if (bytes.length < 200 && bytes.includes('lines skipped')) totals.markers += 1;
  }
}

function connected() {
  return client(dial({ kind: 'tcp', host: node, port: 50_000, tls }), MachineServiceDefinition);
}

const machines = Array.from({ length: CONNECTIONS }, connected);
const following = Array.from({ length: Number(count) }, (_, i) => {
  const machine = machines[i % CONNECTIONS];
  if (machine === undefined) throw new Error('no connection');
  return follow(machine).catch((e: unknown) => {
    if (!stop.signal.aborted) console.error(String(e));
  });
});
await new Promise((resolve) => setTimeout(resolve, 3000));
console.log('following');
process.stdin.resume();
await once(process.stdin, 'end');
console.log(JSON.stringify(totals));
stop.abort();
await Promise.all(following);
process.exit(0);
