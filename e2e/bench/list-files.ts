// node list-files.ts <client configuration> <address> <folder>: asks the node for everything below a folder, and prints as JSON how many files were told of,
// when the first came, and how long it took.
import { readFile } from 'node:fs/promises';
import { ListRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { parseClientConfig } from '@minos/config';
import { normalizePrivateKeyPem } from '@minos/pki';
import { client, dial } from '@minos/rpc';

const [file = '', host = '', root = ''] = process.argv.slice(2);
const config = parseClientConfig(await readFile(file, 'utf8'));
const context = config.ok ? config.value.contexts.get(config.value.context) : undefined;
if (context?.keyPem === undefined || context.certPem === undefined) throw new Fault('invalid', `${file} has no whole context`);
const tls = { ca: context.caPem, cert: context.certPem, key: normalizePrivateKeyPem(context.keyPem) };
using channel = dial({ kind: 'tcp', host, port: 50_000, tls });
const machine = client(channel, MachineServiceDefinition);
const began = performance.now();
let firstMs = Number.NaN;
let files = 0;
for await (const { error, isDir } of machine.List(ListRequest.fromPartial({ root, recurse: true }))) {
  if (error !== '') throw new Fault('internal', error);
  if (files === 0) firstMs = performance.now() - began;
  if (!isDir) files += 1;
}
console.log(JSON.stringify({ files, firstMs, ms: performance.now() - began }));
