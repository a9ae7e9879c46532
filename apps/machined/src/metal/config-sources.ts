import { hasCode } from '@minos/base';
import { networkSpecs } from '@minos/config';
import { addressSpecType, hostnameSpecType, linkSpecType, resolverSpecType, routeSpecType } from '@minos/resource';
import { automaticHostname } from '../node-config/automatic-hostname.ts';
import type { Machine } from '../runtime/machine.ts';
import { readConfigDisk } from './config-disk.ts';
import { filledUrl, machineValues } from './config-url.ts';
import { downloadConfig } from './download-config.ts';
import { kernelAddress } from './kernel-address.ts';
import type { ConfigArguments } from './kernel-command-line.ts';
import { unpackArgument } from './unpack-config.ts';

/** The text of a configuration, and from where it is, for people. */
export interface FoundConfig {
  readonly text: string;
  readonly from: string;
}

/** What of the machine a place needs. */
export type SourceHost = Pick<Machine, 'host' | 'state' | 'log' | 'identity'>;

/** A place where the configuration may be. */
export interface ConfigSource {
  readonly name: string;
  /** Whether it is tried again until it gives a good one: for what may come later. */
  readonly isAwaited: boolean;
  /** Undefined when it has none; throws when it should have one and that cannot be read. */
  read(machine: SourceHost, signal: AbortSignal): Promise<FoundConfig | undefined>;
}

/** Where stage 1 puts what is attached to the initramfs. */
export const EMBEDDED_FILE = '/run/stage1/config.yaml';
const METAL_ISO = 'metal-iso';

/** The places in the order in which they count; STATE comes before all of them. */
export function configSources(kernel: ConfigArguments): readonly ConfigSource[] {
  const { early, inline, source } = kernel;
  return [
    { name: 'embedded', isAwaited: false, read: readEmbedded },
    ...(early === '' ? [] : [argumentSource('talos.config.early', early)]),
    ...(source === undefined || source === METAL_ISO ? [] : [urlSource(source, kernel)]),
    ...(source === METAL_ISO ? [diskSource({ label: /^metal-iso$/i, file: 'config.yaml' })] : []),
    diskSource({ label: /^cidata$/i, file: 'user-data' }),
    ...(inline === '' ? [] : [argumentSource('talos.config.inline', inline)]),
  ];
}

async function readEmbedded({ host }: SourceHost): Promise<FoundConfig | undefined> {
  try {
    return { text: await host.files.readText(EMBEDDED_FILE), from: 'the initramfs' };
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return undefined;
    throw e;
  }
}

function argumentSource(name: string, packed: string): ConfigSource {
  return {
    name,
    isAwaited: false,
    read: async () => ({ text: await unpackArgument(packed), from: `the kernel argument ${name}` }),
  };
}

function diskSource(disk: { readonly label: RegExp; readonly file: string }): ConfigSource {
  const read: ConfigSource['read'] = async (machine, signal) => {
    const found = await readConfigDisk(machine, disk, signal);
    return found === undefined ? undefined : { text: found.text, from: found.device };
  };
  return { name: 'disk', isAwaited: false, read };
}

function urlSource(url: string, { fingerprint, ip }: ConfigArguments): ConfigSource {
  const read: ConfigSource['read'] = async (machine, signal) => {
    const { host, identity } = machine;
    const hostname = automaticHostname(identity.nodeId);
    if (ip !== undefined) await publishAddress(machine, ip, hostname);
    const filled = filledUrl(url, await machineValues(host.files, hostname));
    return { text: await downloadConfig({ url: filled, fingerprint, files: host.files }, signal), from: nameOf(filled) };
  };
  return { name: 'talos.config', isAwaited: true, read };
}

/** Without what may be a secret in it. */
function nameOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** The address that the kernel command line gives, until the configuration says what the network is to be. */
async function publishAddress({ state, log }: SourceHost, ip: string, hostname: string): Promise<void> {
  const network = kernelAddress(ip);
  if (network === undefined) {
    log.warn({ ip }, 'the kernel argument ip names no address and device; it is not followed');
    return;
  }
  const writer = state.as('network.ConfigController');
  const specs = networkSpecs({ network }, { automaticHostname: hostname });
  await writer.replaceAll(linkSpecType, specs.links);
  await writer.replaceAll(addressSpecType, specs.addresses);
  await writer.replaceAll(routeSpecType, specs.routes);
  await writer.replaceAll(hostnameSpecType, specs.hostname);
  await writer.replaceAll(resolverSpecType, specs.resolvers);
}
