import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { APIServiceConfigSpec, HostnameStatusSpec, NodeAddressSpec } from '@minos/api/resource-specs';
import { Fault, messageOf, Scope } from '@minos/base';
import { toYamlText } from '@minos/config';
import { type DaemonContext, runPath } from '@minos/daemon';
import {
  apiCertificatesType,
  apiServiceConfigType,
  bindStateService,
  daemonPolicy,
  hostnameStatusType,
  MemoryState,
  netIpPrefix,
  nodeAddressType,
} from '@minos/resource';
import { serve } from '@minos/rpc';
import { type Fixture, readFixture } from './fixture.ts';
import { simulatedMachine } from './simulated-machine.ts';
import { simulatedPki } from './simulated-pki.ts';

/** The client configuration that a simulation leaves in its run directory. */
export const CLIENT_CONFIG = 'client-config.yaml';

/** A machined that is not there: its own socket and its state, in a run tree. Disposing it ends it. */
export interface Simulation extends AsyncDisposable {
  /** Port of the apid of every other node. */
  readonly remotePort: number;
}

/** Makes the node of a fixture, with an authority of its own, around an apid: all that apid meets in a node, in `runDir`. */
export async function openSimulation(
  context: Pick<DaemonContext, 'runDir' | 'clock' | 'log'>,
  path: string,
): Promise<Simulation> {
  const { clock, log, runDir } = context;
  if (runDir === '') throw new Fault('invalid', 'a simulation needs --run-dir, so that it touches nothing else');
  const scope = new Scope();
  try {
    const fixture = readFixture(await readText(path));
    const pki = simulatedPki(fixture, clock.now());
    await mkdir(runDir, { recursive: true });
    const configPath = join(runDir, CLIENT_CONFIG);
    await writeFile(configPath, pki.clientConfig, { mode: 0o600 });
    const machinePath = runPath(context, '/system/run/machined/machine.sock');
    if (fixture.machine === undefined) {
      scope.use(await serve({ listen: { kind: 'unix', path: machinePath }, services: [simulatedMachine(fixture)], log }));
    } else await linkTo(fixture.machine, machinePath);
    const state = new MemoryState({ clock });
    await publish(state, fixture, pki.certificates);
    const types = [apiServiceConfigType, apiCertificatesType, nodeAddressType, hostnameStatusType];
    const policy = daemonPolicy({ readable: types, owned: [] });
    const service = bindStateService({ state, types, policy, emitYaml: toYamlText });
    const statePath = runPath(context, '/system/run/apid/runtime.sock');
    scope.use(await serve({ listen: { kind: 'unix', path: statePath, mode: 0o600 }, services: [service], log }));
    log.info({ path: configPath, listen: fixture.listen }, 'client configuration written');
    return { remotePort: portOf(fixture.listen), [Symbol.asyncDispose]: () => scope.close() };
  } catch (e) {
    await scope.close();
    throw e;
  }
}

/** A machined of somebody else takes the place of the simulated one. */
async function linkTo(socket: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(resolve(socket), path);
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
