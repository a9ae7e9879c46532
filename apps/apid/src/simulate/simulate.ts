import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APIServiceConfigSpec, HostnameStatusSpec, NodeAddressSpec } from '@minos/api/resource-specs';
import { Fault, messageOf, Scope } from '@minos/base';
import { type DaemonContext, runPath, ServingSwitch, serveHealth } from '@minos/daemon';
import {
  apiCertificatesType,
  apiServiceConfigType,
  hostnameStatusType,
  MemoryState,
  netIpPrefix,
  nodeAddressType,
} from '@minos/resource';
import { serve } from '@minos/rpc';
import { runApp } from '../app.ts';
import { type Fixture, readFixture } from './fixture.ts';
import { simulatedMachine } from './simulated-machine.ts';
import { simulatedPki } from './simulated-pki.ts';

/** The client configuration that a simulation leaves in its run directory. */
export const CLIENT_CONFIG = 'client-config.yaml';

/** apid alone, as an ordinary user: a node from a fixture, with an authority of its own, until it is stopped. */
export async function simulate(context: Omit<DaemonContext, 'args'>, path: string): Promise<void> {
  if (context.runDir === '') throw new Fault('invalid', 'a simulation needs --run-dir, so that it touches nothing else');
  await using scope = new Scope();
  const { clock, log } = context;
  const fixture = readFixture(await readText(path));
  const pki = simulatedPki(fixture, clock.now());
  await mkdir(context.runDir, { recursive: true });
  const configPath = join(context.runDir, CLIENT_CONFIG);
  await writeFile(configPath, pki.clientConfig, { mode: 0o600 });
  const machinePath = fixture.machine ?? runPath(context, '/system/run/machined/machine.sock');
  if (fixture.machine === undefined) {
    scope.use(await serve({ listen: { kind: 'unix', path: machinePath }, services: [simulatedMachine(fixture)], log }));
  }
  const state = new MemoryState({ clock });
  await publish(state, fixture, pki.certificates);
  const serving = new ServingSwitch();
  scope.use(await serveHealth(context, serving));
  log.info({ path: configPath, listen: fixture.listen }, 'client configuration written');
  await runApp(
    {
      state,
      clock,
      log,
      machinePath,
      remotePort: portOf(fixture.listen),
      onServing: (port) => {
        serving.set(port !== undefined);
        if (port !== undefined) context.ready();
      },
    },
    context.signal,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (e) {
    throw new Fault('invalid', `fixture cannot be read: ${messageOf(e)}`, { path }, { cause: e });
  }
}

async function publish(
  state: MemoryState,
  fixture: Fixture,
  certificates: ReturnType<typeof simulatedPki>['certificates'],
): Promise<void> {
  const { listen, addresses, hostname, domain } = fixture;
  const prefixes = addresses.map((address) => netIpPrefix(`${address}/${address.includes(':') ? 128 : 32}`));
  const writer = state.as('simulation');
  await writer.put(apiServiceConfigType, 'apid', APIServiceConfigSpec.fromPartial({ listenAddress: listen }));
  await writer.put(apiCertificatesType, 'api', certificates);
  await writer.put(nodeAddressType, 'current', NodeAddressSpec.fromPartial({ addresses: prefixes }));
  await writer.put(hostnameStatusType, 'hostname', HostnameStatusSpec.fromPartial({ hostname, domainname: domain }));
}

function portOf(listen: string): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}
