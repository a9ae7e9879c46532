import { EtcFileStatusSpec } from '@minos/api/resource-specs';
import { isFault, messageOf } from '@minos/base';
import {
  etcFileStatusType,
  formatNetIp,
  hostnameStatusType,
  machineConfigType,
  nodeAddressType,
  type ResourceType,
  resolverStatusType,
} from '@minos/resource';
import { type ControllerFacts, exclusive, strong } from '../controller/controller-facts.ts';
import type { Machine } from '../runtime/machine.ts';
import { type EtcInput, hostnameText, hostsText, resolvConfText } from './etc-files.ts';

/** Who writes the files under /etc. */
export const ETC_FACTS: ControllerFacts = {
  name: 'files.EtcFileController',
  inputs: strong(hostnameStatusType, resolverStatusType, nodeAddressType, machineConfigType),
  outputs: exclusive(etcFileStatusType),
};

/** What the kernel and the files under /etc were last made to say. */
interface Applied {
  hostname: string;
  readonly files: Map<string, string>;
  readonly mounted: Set<string>;
}

/** Makes the kernel's host name and the files under /etc say what networkd reports, until aborted. */
export async function followEtcFiles(machine: Machine, signal: AbortSignal): Promise<void> {
  const applied: Applied = { hostname: '', files: new Map(), mounted: new Set() };
  let turn: Promise<void> = Promise.resolve();
  const refresh = (): Promise<void> => {
    turn = turn.then(() => apply(machine, applied));
    return turn;
  };
  const follow = async (type: ResourceType<unknown>): Promise<void> => {
    for await (const event of machine.state.watch(type, {}, signal)) {
      if (event.kind !== 'destroyed') await refresh();
    }
  };
  await Promise.all([hostnameStatusType, resolverStatusType, nodeAddressType, machineConfigType].map(follow));
}

async function apply(machine: Machine, applied: Applied): Promise<void> {
  const input = observe(machine);
  if (input.hostname === undefined) return;
  try {
    await applyHostname(machine, applied, input.hostname.hostname);
    const texts = { hostname: hostnameText(input), hosts: hostsText(input), 'resolv.conf': resolvConfText(input) };
    for (const [name, text] of Object.entries(texts)) await applyFile(machine, applied, { name, text });
    await machine.status.setEtcFilesWritten();
  } catch (e) {
    machine.log.error({ err: messageOf(e) }, 'files under /etc cannot be written');
  }
}

function observe({ state, config }: Machine): EtcInput {
  const addresses =
    state.peek(nodeAddressType, 'default')?.spec.addresses ?? state.peek(nodeAddressType, 'current')?.spec.addresses;
  return {
    hostname: state.peek(hostnameStatusType, 'hostname')?.spec,
    resolvers: state.peek(resolverStatusType, 'resolvers')?.spec,
    address: formatNetIp(addresses?.[0]),
    staticHosts: config.current?.network.staticHosts ?? [],
  };
}

async function applyHostname(machine: Machine, applied: Applied, hostname: string): Promise<void> {
  if (hostname === '' || hostname === applied.hostname) return;
  await machine.host.system.setHostname(hostname);
  applied.hostname = hostname;
  machine.log.info({ hostname }, 'host name set');
}

/** Written in place, not renamed: what is mounted over /etc is the file itself, and must stay the same one. */
async function applyFile(
  machine: Machine,
  applied: Applied,
  file: { readonly name: string; readonly text: string },
): Promise<void> {
  const path = `${machine.paths.etcDirectory}/${file.name}`;
  if (applied.files.get(file.name) !== file.text) {
    await machine.host.files.write(path, file.text, { mode: 0o644 });
    applied.files.set(file.name, file.text);
    const written = machine.state.peek(etcFileStatusType, file.name)?.metadata.version ?? 0n;
    const spec = EtcFileStatusSpec.fromPartial({ specVersion: String(written + 1n) });
    await machine.state.as(ETC_FACTS.name).put(etcFileStatusType, file.name, spec);
  }
  if (!machine.mayMount || applied.mounted.has(file.name)) return;
  try {
    await machine.host.system.mount({ source: path, target: `/etc/${file.name}`, fsType: '', options: ['bind'] });
  } catch (e) {
    if (!isFault(e, 'exists')) throw e;
  }
  applied.mounted.add(file.name);
}
